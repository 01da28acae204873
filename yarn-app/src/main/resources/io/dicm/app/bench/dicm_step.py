"""A training step of the DICM model in plain PyTorch, to be measured beside ours.

The model of arXiv 1711.06505 as this project trains it: two sub-models (4096-256-64-12, PReLU between the layers), one
for the pictures of ads and one for those of behaviours; two channels of attentive pooling (FC64-FC16-FC1 over
[behaviour ; query], no softmax), asked by the ad picture's code and by an ID embedding; sum-pooled ID embeddings; a
perceptron 200-80-2 with PReLU; softmax cross entropy; Adam, on touched rows alone for the embeddings.

Behaviours are ragged: rows laid end to end and the sample that each belongs to, nothing is padded. Each different
picture of a batch goes through its sub-model once. Picture vectors lie on the device in half precision.

Writes one line of JSON for each variant; the rest of what PyTorch says goes to stderr.
"""

import argparse
import json
import sys
import time

CODE = 12
FIRST_LOSSES = 3


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"was {text}, needed 1 or more")
    return value


def parse(arguments):
    parser = argparse.ArgumentParser(description="Measures a DICM training step in PyTorch.")
    parser.add_argument("--batch", type=positive, default=60_000, help="samples of a step")
    parser.add_argument("--images", type=positive, default=33, help="pictures a sample refers to: 1 ad, the others behaviours")
    parser.add_argument("--unique", type=positive, default=320_000, help="different pictures of a step")
    parser.add_argument("--unique-ads", type=positive, default=20_000, help="of them pictures of ads")
    parser.add_argument("--dimension", type=positive, default=4096, help="floats of a picture's vector")
    parser.add_argument("--fields", type=positive, default=27, help="ID fields; the first one is the attention's query")
    parser.add_argument("--id-rows", type=positive, default=2_000_000, help="different IDs")
    parser.add_argument("--precision", choices=["float32", "tf32", "bfloat16"], default="float32")
    parser.add_argument("--steps", type=positive, default=20, help="measured steps")
    parser.add_argument("--warm-up", type=positive, default=5, help="steps before")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--variants", default="eager,compile", help="of eager and compile, with a comma between them")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.variants = options.variants.split(",")
    for variant in options.variants:
        if variant not in ("eager", "compile"):
            parser.error(f"--variants had '{variant}', allowed are eager and compile")
    if options.images < 2:
        parser.error(f"--images was {options.images}, needed 2 or more: one ad and behaviours")
    if options.unique_ads >= options.unique:
        parser.error(f"--unique-ads was {options.unique_ads}, needed fewer than --unique {options.unique}")
    return options


def emit(**fields):
    print(json.dumps(fields), flush=True)


def main(arguments):
    options = parse(arguments)
    try:
        import torch
    except ImportError:
        emit(unavailable="PyTorch is not installed here")
        return
    if options.device == "cuda" and not torch.cuda.is_available():
        emit(unavailable=f"PyTorch {torch.__version__} finds no GPU here")
        return
    for variant in options.variants:
        try:
            emit(**measure(torch, options, variant))
        except Exception as e:  # One variant's failure, such as no compiler, must not hide the other's figures.
            emit(variant=variant, error=f"{type(e).__name__}: {e}"[:500])


def measure(torch, options, variant):
    on_gpu = options.device == "cuda"
    device = torch.device(options.device)
    torch.set_float32_matmul_precision("high" if options.precision == "tf32" else "highest")
    torch.backends.cudnn.allow_tf32 = options.precision == "tf32"
    torch.manual_seed(options.seed)
    if on_gpu:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    step = Training(torch, options, device, compiled=variant == "compile").step
    batches = [random_batch(torch, options, device) for _ in range(4)]

    losses = [step(batches[i % len(batches)]) for i in range(options.warm_up)]
    synchronize(torch, on_gpu)
    start = time.perf_counter()
    for i in range(options.steps):
        losses.append(step(batches[(options.warm_up + i) % len(batches)]))
    synchronize(torch, on_gpu)
    seconds = time.perf_counter() - start
    return {
        "variant": variant,
        "precision": options.precision,
        "batch": options.batch,
        "samples_per_second": options.batch * options.steps / seconds,
        "step_ms": 1e3 * seconds / options.steps,
        "peak_memory_bytes": peak_memory(torch, on_gpu),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "losses": [loss.item() for loss in losses[:FIRST_LOSSES]],
    }


def synchronize(torch, on_gpu):
    if on_gpu:
        torch.cuda.synchronize()


def peak_memory(torch, on_gpu):
    if on_gpu:
        return torch.cuda.max_memory_allocated()
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def random_batch(torch, options, device):
    """All batches have the same shapes, so that nothing is compiled twice; lengths of histories differ within one."""
    behaviours = options.images - 1
    lengths = torch.arange(options.batch, device=device) % (behaviours + 1) + (behaviours + 1) // 2
    lengths = lengths[torch.randperm(options.batch, device=device)]
    owners = torch.repeat_interleave(torch.arange(options.batch, device=device), lengths)
    unique = torch.randperm(options.unique, device=device)
    return {
        "ad_images": unique[: options.unique_ads],
        "behaviour_images": unique[options.unique_ads :],
        "ad_rows": torch.randint(options.unique_ads, (options.batch,), device=device),
        "behaviour_rows": torch.randint(options.unique - options.unique_ads, (owners.numel(),), device=device),
        "owners": owners,
        "ids": torch.randint(options.id_rows, (options.batch * options.fields,), device=device),
        "id_offsets": torch.arange(options.batch * options.fields, device=device),
        "labels": torch.randint(2, (options.batch,), device=device),
    }


def layers(torch, *widths):
    """Linear layers with PReLU between them."""
    parts = []
    for i in range(len(widths) - 1):
        parts.append(torch.nn.Linear(widths[i], widths[i + 1]))
        if i + 2 < len(widths):
            parts.append(torch.nn.PReLU())
    return torch.nn.Sequential(*parts)


def network(torch, options):
    """All that is dense: from picture vectors, the rows that use them and pooled IDs to two logits."""

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.ad_model = layers(torch, options.dimension, 256, 64, CODE)
            self.behaviour_model = layers(torch, options.dimension, 256, 64, CODE)
            self.image_attention = layers(torch, 2 * CODE, 64, 16, 1)
            self.id_attention = layers(torch, 2 * CODE, 64, 16, 1)
            self.perceptron = layers(torch, options.fields * CODE + 3 * CODE, 200, 80, 2)

        def attend(self, weigher, values, query, owners):
            weights = weigher(torch.cat([values, query.index_select(0, owners)], 1))
            weighted = (weights * values).float()
            pooled = torch.zeros(query.size(0), CODE, device=values.device)
            return pooled.index_add(0, owners, weighted).to(values.dtype)

        def forward(self, vectors, ad_images, behaviour_images, ad_rows, behaviour_rows, owners, ids):
            dtype = torch.bfloat16 if options.precision == "bfloat16" else torch.float32
            ads = self.ad_model(vectors.index_select(0, ad_images).to(dtype)).index_select(0, ad_rows)
            codes = self.behaviour_model(vectors.index_select(0, behaviour_images).to(dtype))
            behaviours = codes.index_select(0, behaviour_rows)
            query = ids[:, :CODE].to(ads.dtype)
            by_image = self.attend(self.image_attention, behaviours, ads, owners)
            by_id = self.attend(self.id_attention, behaviours, query, owners)
            return self.perceptron(torch.cat([ids.to(ads.dtype), ads, by_image, by_id], 1))

    return Network()


class Training:
    """One model with its optimisers."""

    def __init__(self, torch, options, device, compiled):
        self.torch = torch
        self.options = options
        self.device = device
        self.vectors = torch.empty(options.unique, options.dimension, dtype=torch.float16, device=device).normal_(0, 0.06)
        self.embeddings = torch.nn.EmbeddingBag(options.id_rows, CODE, mode="sum", sparse=True).to(device)
        dense = network(torch, options).to(device)
        self.optimizers = [
            torch.optim.Adam(dense.parameters(), lr=0.001, fused=device.type == "cuda"),
            torch.optim.SparseAdam(self.embeddings.parameters(), lr=0.001),
        ]
        # Sparse gradients and the compiler do not go together: looking up stays outside.
        self.network = torch.compile(dense) if compiled else dense

    def step(self, batch):
        torch = self.torch
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        pooled = self.embeddings(batch["ids"], batch["id_offsets"]).view(self.options.batch, -1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.precision == "bfloat16"):
            logits = self.network(
                self.vectors,
                batch["ad_images"],
                batch["behaviour_images"],
                batch["ad_rows"],
                batch["behaviour_rows"],
                batch["owners"],
                pooled,
            )
        loss = torch.nn.functional.cross_entropy(logits.float(), batch["labels"])
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss.detach()


if __name__ == "__main__":
    main(sys.argv[1:])
