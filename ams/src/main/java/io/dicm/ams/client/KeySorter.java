package io.dicm.ams.client;

/**
 * Sorts keys in ascending unsigned order and moves a number that belongs to each along: a radix
 * sort, byte by byte, since keys are hashes and come in hundreds of thousands.
 */
final class KeySorter {
  private static final int RADIX = 1 << Byte.SIZE;

  private long[] keys;
  private int[] numbers;
  private long[] otherKeys;
  private int[] otherNumbers;

  private KeySorter(long[] keys, int[] numbers) {
    this.keys = keys;
    this.numbers = numbers;
    this.otherKeys = new long[keys.length];
    this.otherNumbers = new int[keys.length];
  }

  /** Sorts both arrays in place. */
  static void sort(long[] keys, int[] numbers) {
    KeySorter sorter = new KeySorter(keys, numbers);
    // An even number of passes: the result is in the arrays given.
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      sorter.pass(shift);
    }
  }

  /** Brings the keys in the order of one byte, and those equal in it in the order they had. */
  private void pass(int shift) {
    int[] places = new int[RADIX + 1];
    for (long key : keys) {
      places[digit(key, shift) + 1]++;
    }
    for (int digit = 0; digit < RADIX; digit++) {
      places[digit + 1] += places[digit];
    }
    for (int i = 0; i < keys.length; i++) {
      int place = places[digit(keys[i], shift)]++;
      otherKeys[place] = keys[i];
      otherNumbers[place] = numbers[i];
    }
    long[] sortedKeys = otherKeys;
    int[] sortedNumbers = otherNumbers;
    otherKeys = keys;
    otherNumbers = numbers;
    keys = sortedKeys;
    numbers = sortedNumbers;
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (RADIX - 1);
  }
}
