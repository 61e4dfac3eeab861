"""What scripts/bench measures, group by group. Each group returns what it found, as JSON; a command is
kept beside every number that it made."""
import json
import os
import shlex
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = "build/bench"
IMPASTO = f"{BUILD}/apps/cli/impasto"
PYTHON = "/usr/bin/python3"  # the one that sees Debian's python3-torch
VGG19 = f"{BUILD}/vgg19.safetensors"
PHOTO, PAINTING = "examples/pictures/landscape.jpg", "examples/pictures/swirls.jpg"
CORES = len(os.sched_getaffinity(0))

# Gatys, Ecker and Bethge as neural-style-pt computes it, on VGG-19 up to relu5_1.
CLASSIC = ("--margin 0 --unknown pixels --content-loss plain --content-layers relu4_2 "
           "--content-weight 5 --style-loss gram "
           "--style-layers relu1_1,relu2_1,relu3_1,relu4_1,relu5_1 --style-weight 100 "
           "--tv-loss absolute --tv-weight 0.001")
# The same on the layers of a cut network, for which real weights are at hand.
CUT = CLASSIC.replace("relu4_2", "relu3_3").replace(",relu4_1,relu5_1", "")
# How impasto goes for that objective: its own way of getting there is what is measured.
WAY = "--iterations 1000 --scales 1 --history 20"


class Failed(Exception):
    pass


def run(command, **environment):
    """Runs a command line from the repository's root: its output, seconds, peak memory."""
    shown = " ".join([f"{k}={v}" for k, v in environment.items()] + [command])
    print(f"  {shown}", flush=True)
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(shlex.split(command), cwd=ROOT, env={**os.environ, **environment},
                                 stdout=subprocess.PIPE, stderr=errors, text=True)
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)  # tells the peak of this child alone
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        if child.returncode:
            raise Failed(f"{shown}: status {child.returncode}\n{errors.read().strip()}")
    return {"command": shown, "output": output, "seconds": seconds,
            "peak_bytes": usage.ru_maxrss * 1024}


def run_json(command, **environment):
    """The JSON that a command prints, with the command and the peak of its process."""
    result = run(command, **environment)
    return {**result, "result": json.loads(result.pop("output"))}


def repeated(count, command, **environment):
    """The median of several runs' seconds."""
    results = [run(command, **environment) for _ in range(count)]
    median = statistics.median(r["seconds"] for r in results)
    return {"command": results[0]["command"], "seconds": median,
            "all_seconds": [r["seconds"] for r in results],
            "peak_bytes": max(r["peak_bytes"] for r in results)}


def steps(options, **environment):
    found = run_json(f"{IMPASTO} bench --json {options}", **environment)
    return {**found, "step": found["result"]["steps"][0]}


def machine(_):
    return run_json(f"{IMPASTO} bench --json --size 64 --steps 1 --seconds 0 --precision f32")


def small(_):
    """The built-in encoder: its whole default objective."""
    found = {}
    for precision in ("bf16", "f32"):
        for threads in (1, CORES):
            found[f"{precision}/{threads}"] = steps(
                f"--skip-machine --size 512 --margin 0 --precision {precision} --threads {threads}")
    found["avx2"] = steps("--skip-machine --size 512 --margin 0 --precision f32",
                          ONEDNN_MAX_CPU_ISA="AVX2")
    found["with margin"] = steps("--skip-machine --size 512 --precision bf16")
    return found


def vgg19(_):
    found = {}
    for precision, threads in (("bf16", 1), ("bf16", CORES), ("f32", CORES)):
        found[f"{precision}/{threads}"] = steps(
            f"--skip-machine --network {VGG19} --size 512 {CLASSIC} --precision {precision} "
            f"--threads {threads}")
    return found


def torch(_):
    """The same step on PyTorch, in every layout and precision that it has."""
    return {variant: run_json(f"{PYTHON} bench/peers/step.py {VGG19} {variant} --threads {CORES}")
            for variant in ("f32", "f32-channels-last", "bf16", "bf16-channels-last", "autocast",
                            "autocast-channels-last")}


def end_to_end(_):
    out = f"{BUILD}/out.png"
    paint = f"{IMPASTO} stylize {PHOTO} -s {PAINTING} -o {out} --quiet --size 512 --quality best"
    hd = f"{BUILD}/1920x1080.png"
    large = f"{IMPASTO} stylize {hd} -s {PAINTING} -o {out} --quiet --quality"
    run(f"{PYTHON} bench/peers/shrink.py {PHOTO} 1920x1080 {hd}")
    return {
        "bf16": repeated(3, f"{paint} --precision bf16"),
        "f32": repeated(3, f"{paint} --precision f32"),
        "avx2": repeated(1, paint, ONEDNN_MAX_CPU_ISA="AVX2"),
        "1920x1080": repeated(1, f"{large} best"),
        "1920x1080-good": repeated(3, f"{large} good"),
        "version": repeated(20, f"{IMPASTO} --version"),
    }


def convolutions(_):
    """Seconds of a step's convolutions, ours and those of oneDNN alone: the least of several."""
    found = run_json(
        f"{BUILD}/bench/primitives --benchmark_format=json --benchmark_min_time=0.02 "
        "--benchmark_repetitions=5 --benchmark_enable_random_interleaving=true "
        "'--benchmark_filter=^(conv|bare_any|bare_nhwc)_(forward|backward_data)/'")
    best, count = {}, {}
    for b in found.pop("result")["benchmarks"]:
        if b["run_type"] != "iteration":
            continue
        operation, network, layer, precision = b["name"].split("/")[:4]
        who, direction = operation.replace("_any", "").replace("_nhwc", "").split("_", 1)
        key = (who, direction, network, layer, precision)
        best[key] = min(b["real_time"], best.get(key, b["real_time"]))
        count[key] = b["count"]
    sums = {}
    for (who, direction, network, layer, precision), ms in best.items():
        place = sums.setdefault(f"{network}/{precision}", {"conv": 0, "bare": 0})
        place[who] += ms * count[who, direction, network, layer, precision]
    return {**found, "sums": sums, "best": {"/".join(key): ms for key, ms in best.items()}}


def quality(options):
    """Seconds until impasto's picture is as good as the peer's after its 500 steps."""
    if not options.network:
        raise Failed("time to quality needs real weights, at least to conv3_3: --network FILE")
    network = os.path.abspath(options.network)
    photo, painting = f"{BUILD}/photo.png", f"{BUILD}/painting.png"
    frames, peer = f"{BUILD}/frames", f"{BUILD}/peer.npy"
    os.makedirs(os.path.join(ROOT, frames), exist_ok=True)
    for picture, small_one in ((PHOTO, photo), (PAINTING, painting)):
        run(f"{PYTHON} bench/peers/shrink.py {picture} {options.quality_size} {small_one}")
    loop = run_json(f"{PYTHON} bench/peers/gatys.py {network} {photo} {painting} {peer} "
                    f"--threads {CORES}")
    ours = run_json(f"{BUILD}/bench/time_to_quality {photo} {painting} {frames} 0.1 "
                    f"--network {network} {CUT} {WAY}")
    pictures = [peer] + [name for name, _, _ in ours["result"]]
    judged = run_json(f"{PYTHON} bench/peers/judge.py {network} {photo} {painting} "
                      + " ".join(pictures))["result"]
    goal = judged[0]["objective"]
    curve = [(seconds, j["objective"], own)
             for (_, seconds, own), j in zip(ours["result"], judged[1:])]
    # Optimisers leave 0..1 here and there: what their own number says of such a picture is lower
    # than what it is worth when it is saved.
    raw_goal = loop["result"]["curve"][-1][1]
    for result in (loop, ours):  # whoever reads this has their own weights elsewhere
        result["command"] = result["command"].replace(network, "VGG19.safetensors")
    return {"command": ours["command"], "peer_command": loop["command"], "curve": curve,
            "goal": goal, "peer_seconds": loop["result"]["seconds"],
            "peer_curve": loop["result"]["curve"], "size": options.quality_size,
            "raw_goal": raw_goal,
            "seconds": next((s for s, o, _ in curve if o <= goal), None),
            "raw_seconds": next((s for s, _, o in curve if o <= raw_goal), None),
            "best": min(o for _, o, _ in curve), "raw_best": min(o for _, _, o in curve)}


GROUPS = {f.__name__: f for f in (machine, small, vgg19, torch, end_to_end, convolutions, quality)}
SLOW = {"quality"}


def prepare(build=True):
    if build:
        subprocess.run(["cmake", "-S", ".", "-B", BUILD, "-G", "Ninja", "-DIMPASTO_BENCH=ON",
                        "-DCMAKE_BUILD_TYPE=Release"], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", BUILD, "--target", "impasto_cli", "primitives",
                        "time_to_quality"], cwd=ROOT, check=True)
    if not os.path.exists(os.path.join(ROOT, VGG19)):
        subprocess.run([PYTHON, "bench/peers/make_vgg19.py", VGG19], cwd=ROOT, check=True)
