"""Makes the torch of PyPI for Linux importable without the CUDA libraries it was linked against.

Its shared libraries name some fourteen CUDA libraries, gigabytes in all, of which a machine without a GPU calls
nothing. For each one that is missing this builds a library of the same name with the symbols torch asks for; every
function answers 35, cudaErrorInsufficientDriver, which torch reads as "no GPU here". Needs a C compiler as `cc` and
binutils. Usage: python withoutCuda.py SITE_PACKAGES
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

library = os.path.join(sys.argv[1], "torch", "lib")
gpu = re.compile(r"^lib(cu|nv|nccl)")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


present = [f for f in glob.glob(library + "/*.so*") if not gpu.match(os.path.basename(f))]
defined, undefined, missing, owner = set(), set(), set(), {}
for file in present:
    defined |= {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--defined-only", file).splitlines()}
    undefined |= {line.split()[-1] for line in run("nm", "-D", "--undefined-only", file).splitlines()}
    missing |= {m for m in re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", file)) if gpu.match(m)}
    source = None
    for line in run("readelf", "-V", "-W", file).splitlines():
        if found := re.search(r"File: (\S+)", line):
            source = found[1]
        if (found := re.search(r"Name: (\S+)\s+Flags", line)) and source and gpu.match(source):
            owner[found[1]] = source

symbols = {name: {} for name in missing}
runtime = next((name for name in missing if name.startswith("libcudart")), None)
for symbol in undefined:
    name, _, version = symbol.partition("@")
    version = version.lstrip("@")
    if version in owner:
        symbols[owner[version]].setdefault(version, set()).add(name)
    elif not version and name not in defined and re.match(r"^(cu|__cuda|nccl|nv|CU)", name) and runtime:
        symbols[runtime].setdefault("", set()).add(name)

with tempfile.TemporaryDirectory() as folder:
    for name, versions in symbols.items():
        code, script = os.path.join(folder, "stub.c"), os.path.join(folder, "stub.map")
        with open(code, "w") as out:
            out.write("static void *handle[64];\n")
            for function in sorted(set().union(*versions.values()) if versions else []):
                is_handle = function == "__cudaRegisterFatBinary"
                out.write(f"void *{function}(void) {{ return handle; }}\n" if is_handle
                          else f"int {function}(void) {{ return 35; }}\n")
        with open(script, "w") as out:
            for version, functions in versions.items():
                if version:
                    out.write(f"{version} {{ global: {'; '.join(sorted(functions))}; }};\n")
        command = ["cc", "-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{name}", "-o",
                   os.path.join(library, name), code]
        if os.path.getsize(script):
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command, check=True)
