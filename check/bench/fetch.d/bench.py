"""Runs the shapes and prints one table; every directory is removed as soon as it is measured."""
import argparse, os, resource, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
flags = argparse.ArgumentParser()
flags.add_argument("--java", required=True)
flags.add_argument("--classpath", required=True)
flags.add_argument("--python", default="", help="an environment with boto3 and kserve-storage")
flags.add_argument("--work", default=tempfile.gettempdir())
flags.add_argument("--gib", type=float, default=8)
flags.add_argument("--small", type=int, default=10000)
flags.add_argument("--rounds", type=int, default=2)
flags = flags.parse_args()

GIB = int(flags.gib * (1 << 30))
SHAPES = [("one file", 1, GIB), ("40 files", 40, GIB // 40), (f"{flags.small} small files", flags.small, 4096)]
work = tempfile.mkdtemp(prefix="marea-bench-fetch", dir=flags.work)


cpu = {}  # of the whole process, start-up too: what is left to say on a machine that others use as well


def fresh():
    directory = tempfile.mkdtemp(dir=work)
    return directory


def run(command, env=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    run.cpu = int(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        return None
    return done.stdout.strip().splitlines()


def peers():
    if not flags.python:
        return {}
    found = {}
    for name, module, script in (("boto3", "boto3", "boto.py"), ("kserve-storage", "kserve_storage", "kserve.py")):
        if subprocess.run([flags.python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            found[name] = script
        else:
            print(f"{name} is not installed in {flags.python} and left out")
    return found


def main():
    classes = os.path.join(work, "classes")
    javac = os.path.join(os.path.dirname(flags.java), "javac")
    subprocess.run([javac, "-d", classes, "-cp", flags.classpath, f"{here}/Store.java", f"{here}/Ours.java"], check=True)
    store = subprocess.Popen([flags.java, "-Xmx256m", "-cp", classes, "Store"], stdout=subprocess.PIPE, text=True)
    try:
        port = store.stdout.readline().strip()
        env = dict(os.environ, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b",
                   AWS_DEFAULT_REGION="us-east-1", AWS_REGION="us-east-1", NO_PROXY="127.0.0.1")
        for name, count, size in SHAPES:
            shape(name, count, size, env)
    finally:
        store.kill()
        shutil.rmtree(work, ignore_errors=True)


def shape(name, count, size, env):
    best = {}
    cpu.clear()
    for _ in range(flags.rounds):
        directory = fresh()
        note(best, "plain write", run([sys.executable, f"{here}/plain.py", directory, str(count), str(size)]))
        shutil.rmtree(directory)
        directory = fresh()
        lines = run([flags.java, "-Xmx128m", "-XX:+UseSerialGC", "-cp", f"{work}/classes:{flags.classpath}", "Ours",
                     f"s3://bench/{count}x{size}", f"{directory}/cache", f"{directory}/a/m", f"{directory}/b/m", f"{directory}/c/m"], env)
        if lines:
            note(best, "ours", [lines[0].split()[0]])
            assert lines[1].split()[3] == "0", "a second replica asked the store"
            note(best, "ours, second replica", [lines[1].split()[0]])
            note(best, "ours, third replica", [lines[2].split()[0]])
        shutil.rmtree(directory)
        for peer, script in peers().items():
            directory = fresh()
            target = f"{count}x{size}" if script == "boto.py" else f"s3://bench/{count}x{size}"
            note(best, peer, run([flags.python, f"{here}/{script}", target, directory], env))
            shutil.rmtree(directory)
    print(f"== {name}: {count} x {size} bytes, best of {flags.rounds}")
    total = count * size / (1 << 20)
    for who, milliseconds in best.items():
        print(f"   {who:22} {milliseconds:8} ms {total * 1000 / max(1, milliseconds):9.0f} MiB/s {count * 1000 / max(1, milliseconds):9.0f} files/s {cpu[who]:8} ms CPU")
    if "ours" in best:
        print(f"ratio {name}: ours/plain write {best['plain write'] / best['ours']:.2f} goal 0.80")
        for peer in ("boto3", "kserve-storage"):
            if peer in best:
                print(f"ratio {name}: ours/{peer} {best[peer] / best['ours']:.2f} goal {'3.00' if count > 1000 else '2.00'}")
        print(f"ratio {name}: second replica {best['ours, second replica']} ms goal 50")
    sys.stdout.flush()


def note(best, who, lines):
    if lines:
        best[who] = min(best.get(who, 1 << 60), int(lines[-1]))
        cpu[who] = min(cpu.get(who, 1 << 60), run.cpu)


main()
