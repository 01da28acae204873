"""VGG16 up to FC6 (after its ReLU) in plain PyTorch, to be measured beside our extraction.

Random weights, pictures that lie on the device, channels_last, inference. Writes one line of JSON for each variant and
batch size; the rest of what PyTorch says goes to stderr.
"""

import argparse
import json
import sys
import time

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
SIDE = 224
OUTPUTS = 4096


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"was {text}, needed 1 or more")
    return value


def parse(arguments):
    parser = argparse.ArgumentParser(description="Measures VGG16 to FC6 in PyTorch.")
    parser.add_argument("--batch-sizes", default="32,64,128", help="pictures of a forward pass, with commas between them")
    parser.add_argument("--precision", choices=["float32", "bfloat16", "float16"], default="bfloat16")
    parser.add_argument("--steps", type=positive, default=20, help="measured passes of each")
    parser.add_argument("--warm-up", type=positive, default=5, help="passes before")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--variants", default="eager,compile", help="of eager and compile, with a comma between them")
    options = parser.parse_args(arguments)
    try:
        options.batch_sizes = [positive(size) for size in options.batch_sizes.split(",")]
    except (ValueError, argparse.ArgumentTypeError):
        parser.error(f"--batch-sizes was '{options.batch_sizes}', needed whole numbers from 1 on, with commas between them")
    options.variants = options.variants.split(",")
    for variant in options.variants:
        if variant not in ("eager", "compile"):
            parser.error(f"--variants had '{variant}', allowed are eager and compile")
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
        for size in options.batch_sizes:
            try:
                emit(**measure(torch, options, variant, size))
            except Exception as e:  # One variant's failure, such as too little memory, must not hide the others' figures.
                emit(variant=variant, batch=size, error=f"{type(e).__name__}: {e}"[:500])


def network(torch):
    nn = torch.nn
    parts = []
    inputs = 3
    for block in BLOCKS:
        for outputs in block:
            parts += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = outputs
        parts.append(nn.MaxPool2d(2))
    parts += [nn.Flatten(), nn.Linear(inputs * 7 * 7, OUTPUTS), nn.ReLU(inplace=True)]
    return nn.Sequential(*parts).eval()


def measure(torch, options, variant, size):
    on_gpu = options.device == "cuda"
    dtype = getattr(torch, options.precision)
    torch.manual_seed(1)
    if on_gpu:
        torch.backends.cudnn.benchmark = True
        # PyTorch convolves in TF32 unless told otherwise; float32 is to mean that.
        torch.backends.cudnn.allow_tf32 = False
        # Parts of a long product are summed in float32, as in ours.
        torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
        torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    model = network(torch).to(options.device, dtype, memory_format=torch.channels_last)
    if variant == "compile":
        model = torch.compile(model)
    pictures = torch.randn(size, 3, SIDE, SIDE, device=options.device, dtype=dtype)
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        for _ in range(options.warm_up):
            model(pictures)
        synchronize(torch, on_gpu)
        start = time.perf_counter()
        for _ in range(options.steps):
            model(pictures)
        synchronize(torch, on_gpu)
        seconds = time.perf_counter() - start
    return {
        "variant": variant,
        "precision": options.precision,
        "batch": size,
        "images_per_second": size * options.steps / seconds,
        "step_ms": 1e3 * seconds / options.steps,
        "peak_memory_bytes": peak_memory(torch, on_gpu),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
    }


def synchronize(torch, on_gpu):
    if on_gpu:
        torch.cuda.synchronize()


def peak_memory(torch, on_gpu):
    if on_gpu:
        return torch.cuda.max_memory_allocated()
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
