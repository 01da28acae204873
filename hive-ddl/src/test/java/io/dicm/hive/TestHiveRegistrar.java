package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestHiveRegistrar {
  private static final String DATE = "2026-01-02";

  private final Configuration conf = new Configuration();
  private final FakeHive hive = new FakeHive();
  private final HiveRegistrar registrar = new HiveRegistrar(conf, hive, "dicm");

  @TempDir java.nio.file.Path folder;
  private Workspace workspace;

  @BeforeEach
  void publishARun() throws IOException {
    workspace = publishedRun("workspace");
  }

  @Test
  void addsAllPartitionsWithTheirLocations() {
    RegistrationResult result = registrar.register(run(workspace));

    assertThat(result.added()).hasSize(6);
    assertThat(result.moved()).isEmpty();
    assertThat(result.unchanged()).isEmpty();
    assertThat(hive.locations()).isEqualTo(allAt(workspace));
    assertThat(hive.opened()).isEqualTo(1);
    assertThat(hive.closed()).isEqualTo(1);
  }

  @Test
  void makesTablesBeforeTheirPartitionsAndViewsAtTheEnd() {
    registrar.register(run(workspace));

    int tables = HiveTable.values().length;
    List<String> statements = hive.statements();
    assertThat(statements.get(0)).isEqualTo("SHOW TABLES IN `dicm`");
    assertThat(statements.get(1)).startsWith("CREATE DATABASE IF NOT EXISTS `dicm`\n");
    assertThat(
            statements.stream()
                .filter(one -> one.startsWith("CREATE EXTERNAL TABLE IF NOT EXISTS ")))
        .hasSize(tables);
    assertThat(statements.subList(2, 8)).allMatch(one -> one.startsWith("CREATE EXTERNAL TABLE"));
    assertThat(statements.get(8)).startsWith("ALTER TABLE `dicm`.`predictions` REPLACE");
    assertThat(statements.get(tables + 5))
        .isEqualTo("ALTER TABLE `dicm`.`features` SET TBLPROPERTIES ('dicm.tables.version' = '6')");
    assertThat(statements.get(tables + 6)).isEqualTo("SHOW TBLPROPERTIES `dicm`.`features`");
    int views = hive.views().size();
    assertThat(statements.subList(statements.size() - views, statements.size()))
        .isEqualTo(hive.views());
  }

  @Test
  void tablesOfThisVersionAreMadeOnceUnlessOneIsGone() {
    registrar.register(run(workspace));
    int before = hive.statements().size();
    registrar.register(run(workspace));
    assertThat(hive.statements().subList(before, hive.statements().size()))
        .noneMatch(statement -> statement.startsWith("CREATE"));

    hive.dropTable("traffic");
    registrar.register(run(workspace));
    assertThat(hive.statements().subList(before, hive.statements().size()))
        .anyMatch(
            statement ->
                statement.startsWith("CREATE EXTERNAL TABLE IF NOT EXISTS `dicm`.`traffic`"));
  }

  @Test
  void viewsOfThisVersionAreLeftAlone() {
    registrar.register(run(workspace));
    registrar.register(run(workspace));

    assertThat(hive.views()).hasSize(8);
  }

  @Test
  void viewOfAnotherVersionIsMadeAnewAndSomeoneElsesIsNot() {
    hive.keepView("cold_start", Map.of("dicm.ddl.version", "3"));
    hive.keepView("daily_gauc", Map.of("owner", "ann"));
    hive.keepView("unrelated", Map.of());

    registrar.register(run(workspace));

    assertThat(hive.views())
        .hasSize(7)
        .anyMatch(view -> view.startsWith("CREATE OR REPLACE VIEW `dicm`.`cold_start`"))
        .noneMatch(view -> view.startsWith("CREATE OR REPLACE VIEW `dicm`.`daily_gauc`"));
  }

  @Test
  void refusedViewStopsNeitherTheOthersNorTheRun() {
    hive.refuseView("latest_features");

    assertThat(registrar.register(run(workspace)).added()).hasSize(6);
    assertThat(hive.views()).hasSize(7);
  }

  @Test
  void notesExtractorAndSchemaOfTheRun() {
    registrar.register(run(workspace).ofSchema("d1"));

    assertThat(hive.properties().get("predictions"))
        .isEqualTo(Map.of("dicm.last.extractor", "vgg16", "dicm.last.schema.digest", "d1"));
    int before = hive.statements().size();
    registrar.register(run(workspace).ofSchema("d1"));
    assertThat(hive.statements().subList(before, hive.statements().size()))
        .noneMatch(statement -> statement.contains("'dicm.last."));
  }

  @Test
  void partsOfTheSamplesAreWholeWithTheirDirectory() throws IOException {
    List<TablePartition> besides = Registration.besides(workspace, "vgg16", DATE, "r1");
    TablePartition train =
        besides.stream()
            .filter(partition -> partition.table() == HiveTable.SAMPLES)
            .findFirst()
            .orElseThrow();
    publish(workspace.samples("r1"));

    registrar.register(run(workspace).with(List.of(train)));

    assertThat(hive.locations())
        .containsEntry(
            "samples `dt` = '2026-01-02', `run` = 'r1', `split` = 'train'",
            qualified(new Path(workspace.samples("r1"), "train")));
  }

  /** The server is lost in every statement in turn, once before and once after it took effect. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutAnywhereShowsNothingHalfAndTheRerunCompletesIt(boolean withEffect) throws IOException {
    Workspace other = publishedRun("other");
    FakeHive undisturbed = new FakeHive();
    new HiveRegistrar(conf, undisturbed, "dicm").register(run(workspace).ofSchema("d1"));
    int statements = undisturbed.statements().size();
    new HiveRegistrar(conf, undisturbed, "dicm").register(run(other).ofSchema("d2"));
    int moves = undisturbed.statements().size() - statements;

    for (int cut = 1; cut <= statements; cut++) {
      FakeHive lost = new FakeHive();
      HiveRegistrar cutShort = new HiveRegistrar(conf, lost, "dicm");
      lost.cutIn(cut, withEffect);
      tryToRegister(cutShort, run(workspace).ofSchema("d1"));
      assertThat(visibleOf(lost)).as("cut in " + cut).isIn(Map.of(), allAt(workspace));

      lost.comeBack();
      cutShort.register(run(workspace).ofSchema("d1"));
      assertThat(lost.locations()).isEqualTo(allAt(workspace));
      cutShort.register(run(other).ofSchema("d2"));
      assertThat(lost.properties()).isEqualTo(undisturbed.properties());
    }
    for (int cut = 1; cut <= moves; cut++) {
      FakeHive lost = new FakeHive();
      HiveRegistrar cutShort = new HiveRegistrar(conf, lost, "dicm");
      cutShort.register(run(workspace).ofSchema("d1"));
      lost.cutIn(cut, withEffect);
      tryToRegister(cutShort, run(other).ofSchema("d2"));
      assertThat(visibleOf(lost))
          .as("cut in " + cut + " of the move")
          .isIn(Map.of(), allAt(workspace), allAt(other));

      lost.comeBack();
      cutShort.register(run(other).ofSchema("d2"));
      assertThat(lost.locations()).isEqualTo(undisturbed.locations()).isEqualTo(allAt(other));
      assertThat(lost.properties()).isEqualTo(undisturbed.properties());
    }
  }

  private static void tryToRegister(HiveRegistrar registrar, Registration registration) {
    try {
      registrar.register(registration);
    } catch (DicmException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.HIVE_FAILED);
    }
  }

  /** What the views show: nothing without the run's partition of {@code runs}. */
  private static Map<String, String> visibleOf(FakeHive hive) {
    return hive.locations().keySet().stream().anyMatch(one -> one.startsWith("runs "))
        ? hive.locations()
        : Map.of();
  }

  @Test
  void altersAsHiveUnderstandsIt() {
    registrar.register(run(workspace));

    assertThat(hive.statements())
        .contains(
            "SHOW PARTITIONS `dicm`.`runs` PARTITION (`dt` = '2026-01-02', `run` = 'r1')",
            "ALTER TABLE `dicm`.`runs` ADD IF NOT EXISTS PARTITION (`dt` = '2026-01-02', `run` ="
                + " 'r1') LOCATION '"
                + qualified(workspace.runs(DATE, "r1"))
                + "'");
  }

  @Test
  void registeringAgainChangesNothing() {
    registrar.register(run(workspace));
    int before = alters();

    assertThat(registrar.register(run(workspace)).unchanged()).hasSize(6);
    assertThat(alters()).isEqualTo(before);
  }

  @Test
  void partitionsThatLieElsewhereAreMoved() throws IOException {
    registrar.register(run(workspace));
    Workspace other = publishedRun("other");

    RegistrationResult result = registrar.register(run(other));

    assertThat(result.moved()).hasSize(6);
    assertThat(hive.locations()).isEqualTo(allAt(other));
    assertThat(hive.statements())
        .contains(
            "ALTER TABLE `dicm`.`features` PARTITION (`dt` = '2026-01-02') SET LOCATION '"
                + qualified(new Path(other.features("vgg16"), "dt=" + DATE))
                + "'");
  }

  @Test
  void whatARepeatedRunDoesNotHaveIsTakenOut() throws IOException {
    List<TablePartition> vectors = vectors();
    registrar.register(run(workspace).with(vectors));
    assertThat(hive.locations()).hasSize(8);
    for (TablePartition partition : vectors) {
      partition.location().getFileSystem(conf).delete(partition.location(), true);
    }

    RegistrationResult result = registrar.register(run(workspace).without(vectors));

    assertThat(result.removed()).isEqualTo(vectors);
    assertThat(result.unchanged()).hasSize(6);
    assertThat(hive.locations()).isEqualTo(allAt(workspace));
    assertThat(registrar.register(run(workspace).without(vectors)).removed()).isEmpty();
  }

  /** The run is not in sight while parts of it are taken out, and is as before when that fails. */
  @Test
  void refusedRemovalIsTakenBackAndACutOneIsCompleted() throws IOException {
    List<TablePartition> vectors = vectors();
    registrar.register(run(workspace).with(vectors));
    Map<String, String> before = Map.copyOf(hive.locations());
    // Eight were added; then the last is hidden, the first of the vectors removed, the second not.
    hive.failChange(8 + 3, FakeHive.Fault.REFUSED_WITHOUT_EFFECT);
    assertFails(ErrorCode.HIVE_FAILED, run(workspace).without(vectors))
        .hasMessageEndingWith("nothing was registered.");
    assertThat(hive.locations()).isEqualTo(before);

    FakeHive undisturbed = new FakeHive();
    new HiveRegistrar(conf, undisturbed, "dicm").register(run(workspace).with(vectors));
    int registered = undisturbed.statements().size();
    new HiveRegistrar(conf, undisturbed, "dicm").register(run(workspace).without(vectors));
    for (int cut = 1; cut <= undisturbed.statements().size() - registered; cut++) {
      FakeHive lost = new FakeHive();
      HiveRegistrar cutShort = new HiveRegistrar(conf, lost, "dicm");
      cutShort.register(run(workspace).with(vectors));
      lost.cutIn(cut, cut % 2 == 0);
      tryToRegister(cutShort, run(workspace).without(vectors));
      assertThat(visibleOf(lost)).as("cut in " + cut).isIn(Map.of(), before, allAt(workspace));

      lost.comeBack();
      cutShort.register(run(workspace).without(vectors));
      assertThat(lost.locations()).isEqualTo(allAt(workspace));
    }
  }

  private List<TablePartition> vectors() throws IOException {
    List<TablePartition> vectors =
        Registration.besides(workspace, "vgg16", DATE, "r1").stream()
            .filter(partition -> partition.table().tableName().endsWith("_vectors"))
            .toList();
    assertThat(vectors).hasSize(2);
    for (TablePartition partition : vectors) {
      publish(partition.location());
    }
    return vectors;
  }

  @Test
  void unpublishedDirectoryStopsItBeforeHiveIsAsked() throws IOException {
    Path marker = new Path(workspace.metrics(DATE, "r1"), DirectoryPublisher.SUCCESS);
    marker.getFileSystem(conf).delete(marker, false);

    assertFails(ErrorCode.INPUT_MISSING, run(workspace))
        .hasMessage(
            "Cannot register metrics/dt=2026-01-02/run=r1: "
                + qualified(workspace.metrics(DATE, "r1"))
                + " has no _SUCCESS. Run the stage that writes it first.");
    assertThat(hive.opened()).isZero();
  }

  @Test
  void unreachableHiveIsOneSentence() {
    hive.stop();

    assertFails(ErrorCode.HIVE_FAILED, run(workspace))
        .hasMessage("Cannot connect to HiveServer2: gone.");
  }

  @Test
  void vectorsOfAnotherExtractorAreRefused() {
    hive.holdExtractor("resnet");

    assertFails(ErrorCode.SCHEMA_MISMATCH, run(workspace))
        .hasMessage(
            "Cannot register vectors of extractor vgg16: table dicm.features holds those of"
                + " resnet. Choose another dicm.hive.database.");
    assertThat(hive.locations()).isEmpty();
    assertThat(hive.closed()).isEqualTo(1);
  }

  @Test
  void refusedPartitionTakesTheOthersBack() {
    hive.failChange(4, FakeHive.Fault.REFUSED_WITHOUT_EFFECT);

    assertFails(ErrorCode.HIVE_FAILED, run(workspace))
        .hasMessage(
            "Cannot register metrics/dt=2026-01-02/run=r1 in Hive at jdbc:hive2://fake:10000/:"
                + " Execution Error: no space; nothing was registered.");
    assertThat(hive.locations()).isEmpty();
  }

  @Test
  void refusedMoveTakesTheOthersBack() throws IOException {
    registrar.register(run(workspace));
    hive.failChange(6 + 3, FakeHive.Fault.REFUSED_WITHOUT_EFFECT);

    assertFails(ErrorCode.HIVE_FAILED, run(publishedRun("other")))
        .hasMessageEndingWith("nothing was registered.");
    assertThat(hive.locations()).isEqualTo(allAt(workspace));
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeHive.Fault.class,
      names = {"REFUSED_WITH_EFFECT", "LOST_WITH_EFFECT", "LOST_WITHOUT_EFFECT"})
  void whatTookEffectOrCanBeRepeatedIsNoFailure(FakeHive.Fault fault) {
    for (int change = 1; change <= 6; change++) {
      FakeHive another = new FakeHive();
      another.failChange(change, fault);

      assertThat(new HiveRegistrar(conf, another, "dicm").register(run(workspace)).added())
          .hasSize(6);
      assertThat(another.locations()).isEqualTo(allAt(workspace));
      assertThat(another.opened()).isEqualTo(another.closed());
    }
  }

  @Test
  void hiveGoneMidwayNamesWhatIsUnknown() {
    hive.failChange(3, FakeHive.Fault.GONE_FOR_GOOD);

    assertFails(ErrorCode.HIVE_FAILED, run(workspace))
        .hasMessageStartingWith("Cannot register predictions/dt=2026-01-02/run=r1 in Hive at ")
        .hasMessageEndingWith(
            "it is unknown whether these are registered: [predictions/dt=2026-01-02/run=r1,"
                + " image_codes/dt=2026-01-02/run=r1, features/dt=2026-01-02]; register again.");
  }

  @Test
  void databaseNameIsChecked() {
    assertThatThrownBy(() -> new HiveRegistrar(conf, hive, "dicm`; DROP DATABASE x"))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot use 'dicm`; DROP DATABASE x' as a name in Hive: allowed");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ErrorCode code, Registration registration) {
    return assertThatThrownBy(() -> registrar.register(registration))
        .isInstanceOf(DicmException.class)
        .matches(e -> ((DicmException) e).code() == code, "has code " + code);
  }

  private int alters() {
    return (int) hive.statements().stream().filter(FakeHive::changesPartition).count();
  }

  private static Registration run(Workspace workspace) {
    return Registration.ofRun(workspace, "vgg16", DATE, "r1");
  }

  private Map<String, String> allAt(Workspace root) {
    String run = " `dt` = '2026-01-02', `run` = 'r1'";
    return Map.of(
        "features `dt` = '2026-01-02'",
        qualified(new Path(root.features("vgg16"), "dt=" + DATE)),
        "image_codes" + run,
        qualified(root.imageCodes(DATE, "r1")),
        "predictions" + run,
        qualified(root.predictions(DATE, "r1")),
        "metrics" + run,
        qualified(root.metrics(DATE, "r1")),
        "metric_slices" + run,
        qualified(root.metricSlices(DATE, "r1")),
        "runs" + run,
        qualified(root.runs(DATE, "r1")));
  }

  private Workspace publishedRun(String name) throws IOException {
    Workspace published = new Workspace(new Path(new Path(folder.toUri()), name));
    for (TablePartition partition : run(published).partitions()) {
      publish(partition.location());
    }
    return published;
  }

  private void publish(Path directory) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      publisher.publish();
    }
  }

  private String qualified(Path path) {
    try {
      return path.getFileSystem(conf).makeQualified(path).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
