"""The table of scripts/bench: measured | target | peer, from what the groups found."""


def ms(step):
    return step["median_ms"]


def mb(size):
    return size * 1e-6


def fastest(torch, precision):
    """PyTorch's best variant of a precision, as (name, found)."""
    bf16 = precision == "bf16"
    variants = [(name, found) for name, found in torch.items() if name.startswith("f32") != bf16]
    return min(variants, key=lambda v: ms(v[1]["result"]))


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, measured, target, met, command, peer="", peer_command=""):
        self.rows.append({"what": what, "measured": measured, "target": target, "met": met,
                          "peer": peer, "command": command, "peer_command": peer_command})

    def at_most(self, what, value, limit, unit, command, peer="", peer_command="", digits=0):
        self.add(what, f"{value:.{digits}f} {unit}", f"at most {limit} {unit}", value <= limit,
                 command, peer, peer_command)

    def at_least(self, what, value, limit, command, measured="", peer="", peer_command="",
                 digits=1):
        text = f"{value:.{digits}f}x"
        self.add(what, f"{measured}, {text}" if measured else text, f"at least {limit}x",
                 value >= limit, command, peer, peer_command)


def vgg19_rows(t, r, cores):
    torch = r["torch"]
    name32, best32 = fastest(torch, "f32")
    name16, best16 = fastest(torch, "bf16")

    def against(what, found, peers, factor):
        name, peer = peers
        own, other = ms(found["step"]), ms(peer["result"])
        t.at_least(what, other / own, factor, found["command"], f"{own:.0f} ms",
                   f"PyTorch {name}: {other:.0f} ms", peer["command"])

    bf16, f32 = r["vgg19"][f"bf16/{cores}"], r["vgg19"][f"f32/{cores}"]
    step = "VGG-19 step, 512x512, "
    against(step + "bf16, against PyTorch f32", bf16, (name32, best32), 8)
    against(step + "bf16, against PyTorch bf16", bf16, (name16, best16), 5)
    against(step + "f32", f32, (name32, best32), 1.2)
    for precision, limit, found, best in (("bf16", 350, bf16, best16), ("f32", 600, f32, best32)):
        t.at_most(f"peak memory of that, {precision}", mb(found["peak_bytes"]), limit, "MB",
                  found["command"], f"PyTorch: {mb(best['peak_bytes']):.0f} MB", best["command"])
    # PyTorch as people write it, without asking for another layout.
    for name in ("f32", "bf16", "autocast"):
        found, own = torch[name], f32 if name == "f32" else bf16
        other = ms(found["result"])
        t.add(f"against PyTorch as mostly written (NCHW), {name}",
              f"{ms(own['step']):.0f} ms, {other / ms(own['step']):.1f}x", "", None, own["command"],
              f"{other:.0f} ms, {mb(found['peak_bytes']):.0f} MB", found["command"])


def small_rows(t, r, cores):
    for precision, limit in (("bf16", 20), ("f32", 90)):
        found = r["small"][f"{precision}/{cores}"]
        t.at_most(f"built-in encoder's step, 512x512, {precision}", ms(found["step"]), limit, "ms",
                  found["command"], digits=1)
    found = r["small"]["with margin"]
    t.add("the same in bf16 with the default margin (544x544)", f"{ms(found['step']):.1f} ms", "",
          None, found["command"])
    found = r["small"]["avx2"]
    t.add("the same in f32, as on a processor with AVX2 only", f"{ms(found['step']):.1f} ms", "",
          None, found["command"])
    found = r["small"][f"bf16/{cores}"]
    step = found["step"]
    t.at_most("first step compiled (network, objective, step), bf16",
              step["setup_ms"] + step["first_ms"], 300, "ms", found["command"])


def thread_rows(t, r, cores):
    for network, name in (("small", "built-in encoder"), ("vgg19", "VGG-19")):
        for precision in ("bf16", "f32"):
            one = r.get(network, {}).get(f"{precision}/1")
            if one:
                all_of_them = r[network][f"{precision}/{cores}"]
                t.at_least(f"{cores} threads against 1, {name}'s step, {precision}",
                           ms(one["step"]) / ms(all_of_them["step"]), 1.85, one["command"],
                           digits=2)


def end_to_end_rows(t, r):
    e = r["end_to_end"]
    for key, what, limit in (("bf16", "stylize --quality best, 512 px, start to file, bf16", 2.5),
                             ("f32", "the same, f32", 12),
                             ("1920x1080", "the same, 1920x1080, bf16", 15)):
        t.at_most(what, e[key]["seconds"], limit, "s", e[key]["command"], digits=2)
    t.add("the same, 1920x1080, --quality good", f"{e['1920x1080-good']['seconds']:.2f} s", "", None,
          e["1920x1080-good"]["command"])
    t.add("the same, 512 px, --quality best, as on a processor with AVX2 only", f"{e['avx2']['seconds']:.2f} s", "",
          None, e["avx2"]["command"])
    t.at_most("impasto --version", 1000 * e["version"]["seconds"], 50, "ms",
              e["version"]["command"])


def convolution_rows(t, r):
    found = r["convolutions"]
    for key, sums in sorted(found["sums"].items()):
        network, precision = key.split("/")
        share = 100 * sums["bare"] / sums["conv"]
        t.add(f"convolutions of a step, {network}, {precision}, against oneDNN alone",
              f"{sums['conv']:.1f} ms, {share:.0f} %", "at least 90 %", share >= 90,
              found["command"], f"oneDNN: {sums['bare']:.1f} ms")


def quality_rows(t, r):
    q = r["quality"]
    for raw, of in (("", "its picture, as saved"), ("raw_", "the optimiser's own, not clamped")):
        seconds = q[raw + "seconds"]
        t.add(f"time to the objective of PyTorch's 500 steps, {q['size']} px ({of}: "
              f"{q[raw + 'goal']:.0f})",
              f"{seconds:.1f} s" if seconds else f"not reached: {q[raw + 'best']:.0f}", "", None,
              q["command"], f"PyTorch f32: {q['peer_seconds']:.1f} s", q["peer_command"])


def rows(r, cores):
    """Rows for the groups that were measured."""
    t = Table()
    if "vgg19" in r and "torch" in r:
        vgg19_rows(t, r, cores)
    if "small" in r:
        small_rows(t, r, cores)
    if "end_to_end" in r:
        end_to_end_rows(t, r)
    if "convolutions" in r:
        convolution_rows(t, r)
    thread_rows(t, r, cores)
    if "quality" in r:
        quality_rows(t, r)
    return t.rows


def mark(row):
    return {None: "", True: "yes", False: "**no**"}[row["met"]]


def text(all_rows):
    lines = [(r["what"], r["measured"], r["target"], mark(r).replace("*", ""), r["peer"])
             for r in all_rows]
    lines.insert(0, ("what", "measured", "target", "met", "peer"))
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip()
                     for line in lines)


def markdown(all_rows, machine):
    speed = machine["result"]["machine"]
    lines = [f"Machine: {speed['threads']} threads, {speed['instructions']}; measured limits f32 "
             f"{speed['f32_gflops']:.0f} GFLOP/s, bf16 {speed['bf16_gflops']:.0f} GFLOP/s, memory "
             f"{speed['memory_gbytes']:.0f} GB/s.", "",
             "| what | measured | target | met | peer |", "|---|---|---|---|---|"]
    commands = []

    def with_number(value, command):
        if not command:
            return value
        if command not in commands:
            commands.append(command)
        return f"{value} ({commands.index(command) + 1})"

    for r in all_rows:
        lines.append(f"| {r['what']} | {with_number(r['measured'], r['command'])} | {r['target']} | "
                     f"{mark(r)} | {with_number(r['peer'], r['peer_command'])} |")
    lines += ["", "The commands:", ""]
    lines += [f"    ({i}) {c}" for i, c in enumerate(commands, 1)]
    return "\n".join(lines)
