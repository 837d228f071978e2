"""From a plain Python to one that is embedded in a JVM: finds Java, checks what is installed, and turns into it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

JEP_VERSION = "4.3.1"
OLDEST_JAVA = 21
COMMAND = "python -m windlass"
USUAL_PLACES = (
    "/usr/lib/jvm",
    "/opt/java",
    "/opt/jdk",
    "/Library/Java/JavaVirtualMachines",
    "~/.sdkman/candidates/java",
    "~/.jdks",
)
# What LD_LIBRARY_PATH was before the launcher changed it: the program gets it back.
LIBRARY_PATH_BEFORE = "WINDLASS_LIBRARY_PATH_BEFORE"
LIBRARY_PATH = "DYLD_LIBRARY_PATH" if sys.platform == "darwin" else "LD_LIBRARY_PATH"


class LaunchError(Exception):
    """What is missing, and what to do about it."""


class _State:
    embedded = False


def is_embedded() -> bool:
    """Whether this Python runs inside the JVM."""
    return _State.embedded


def mark_embedded() -> None:
    """Said by the bootstrap, once."""
    _State.embedded = True


def version() -> str:
    """The version of the package."""
    return importlib.metadata.version("windlass")


def missing_jvm(what: str) -> ImportError:
    """The error for whoever uses `what` without a JVM."""
    way = (
        f"Start tests by `{COMMAND} -m pytest`, or say `windlass_jvm = true` in pytest.ini or pyproject.toml."
        if "PYTEST_CURRENT_TEST" in os.environ or "pytest" in sys.modules
        else f"Start the program by `{COMMAND} app.py` (also -m module, -c code), "
        "or call windlass.ensure_jvm() before anything else."
    )
    return ImportError(
        f"{what} needs the JVM that Windlass runs in, and this Python was started without one. {way} "
        "Tools that only read names, such as help(), set WINDLASS_WITHOUT_JVM=1.",
        name="windlass",
    )


# --- Java ---------------------------------------------------------------------------------------------------------


def _homes() -> Iterator[tuple[str, Path]]:
    """Where a JDK may be, best first, each with where that was heard of."""
    for variable in ("WINDLASS_JAVA_HOME", "JAVA_HOME"):
        home = os.environ.get(variable)
        if home:
            yield variable, Path(home)
    program = shutil.which("java")
    if program:
        yield "PATH", Path(program).resolve().parent.parent
    found: list[Path] = []
    for place in USUAL_PLACES:
        folder = Path(place).expanduser()
        if folder.is_dir():
            found += [entry for entry in folder.iterdir() if entry.is_dir()]
        if (folder / "bin" / "java").exists():
            found.append(folder)
    for home in sorted(found):
        bundle = home / "Contents" / "Home"
        yield str(home.parent), bundle if bundle.is_dir() else home


def _major(home: Path) -> int | None:
    """The version of the Java in a folder, or None if there is none that runs."""
    program = home / "bin" / "java"
    if not program.exists():
        return None
    release = home / "release"
    text = release.read_text(errors="replace") if release.is_file() else ""
    match = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', text)
    if match is None:
        try:
            done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        match = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return int(match.group(1)) if match else None


def find_java() -> Path:
    """The `java` program of the first JDK that is new enough: WINDLASS_JAVA_HOME, JAVA_HOME, PATH, the usual places.

    Raises:
        LaunchError: there is none; the message says what was found.
    """
    seen: dict[Path, str] = {}
    best: tuple[int, Path] | None = None
    for origin, home in _homes():
        if home in seen:
            continue
        major = _major(home)
        seen[home] = f"{home} ({origin}): {'no Java' if major is None else f'Java {major}'}"
        if major is not None and major >= OLDEST_JAVA:
            if origin in ("WINDLASS_JAVA_HOME", "JAVA_HOME", "PATH"):
                return home / "bin" / "java"
            if best is None or major > best[0]:
                best = (major, home)
    if best is not None:
        return best[1] / "bin" / "java"
    looked = "".join(f"\n  {line}" for line in seen.values()) or " nothing"
    raise LaunchError(
        f"Windlass runs in Java {OLDEST_JAVA} or newer, and none was found. Install a JDK (such as Temurin, or your "
        f"system's package), and set JAVA_HOME to it. Found:{looked}"
    )


# --- Jep and Python -----------------------------------------------------------------------------------------------


def _jars() -> list[Path]:
    folder = Path(__file__).parent / "jars"
    jars = sorted(folder.glob("*.jar"))
    if not jars:
        raise LaunchError(f"There are no jars in {folder}: this is no whole installation of Windlass. Install the wheel.")
    if not (folder / f"jep-{JEP_VERSION}.jar").is_file():
        raise LaunchError(
            f"{folder} holds no jep-{JEP_VERSION}.jar. Install the wheel again: `pip install --force-reinstall windlass`."
        )
    return jars


def _jep_library() -> Path:
    try:
        version = importlib.metadata.version("jep")
    except importlib.metadata.PackageNotFoundError:
        version = None
    if version != JEP_VERSION:
        raise LaunchError(
            f"Windlass needs jep {JEP_VERSION}, and {'none' if version is None else version} is installed. The native "
            f"part and the jar must be of the very same version, else the JVM crashes. Run "
            f"`pip install jep=={JEP_VERSION}`."
        )
    spec = importlib.util.find_spec("jep")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        for name in ("libjep.so", "libjep.jnilib", "jep.dll"):
            library = Path(folder) / name
            if library.is_file():
                return library
    raise LaunchError(
        f"The native part of jep is missing in {folders}. Run `pip install --force-reinstall --no-cache-dir "
        f"jep=={JEP_VERSION}` with JAVA_HOME set to a JDK."
    )


def _environment() -> dict[str, str]:
    """Ours, with the library of this very Python in front: the loader would find the system's otherwise."""
    environment = dict(os.environ)
    folder = sysconfig.get_config_var("LIBDIR")
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and folder:
        before = environment.get(LIBRARY_PATH)
        if before is not None:
            environment[LIBRARY_PATH_BEFORE] = before
        else:
            environment[LIBRARY_PATH_BEFORE] = ""
        environment[LIBRARY_PATH] = f"{folder}{os.pathsep}{before}" if before else str(folder)
    return environment


def command_line(arguments: Sequence[str]) -> list[str]:
    """The command that runs a program in a JVM with this Python.

    Args:
        arguments: what stands behind `python -m windlass`: a script, `-m module`, `-c code`, and what they take.

    Raises:
        LaunchError: something is missing, or does not fit.
    """
    if sys.version_info < (3, 11):
        raise LaunchError(f"Windlass needs Python 3.11 or newer. This is {sys.version.split()[0]}.")
    java = find_java()
    options = os.environ.get("WINDLASS_JAVA_OPTIONS", "").split()
    return [
        str(java),
        "--enable-native-access=ALL-UNNAMED",
        # A program's thread has the stack that a Python has, not the smaller one of Java.
        "-Xss8m",
        *options,
        f"-Dwindlass.python.executable={sys.executable}",
        f"-Dwindlass.python.jep={_jep_library()}",
        "-cp",
        os.pathsep.join(str(jar) for jar in _jars()),
        "dev.windlass.python.Main",
        *arguments,
    ]


def launch(arguments: Sequence[str]) -> NoReturn:
    """Turns this process into the JVM. Does not return.

    Raises:
        LaunchError: something is missing, or does not fit.
    """
    command = command_line(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, _environment())


def _own_arguments() -> list[str]:
    """How this very program was started, as arguments of `python -m windlass`."""
    import __main__

    spec = getattr(__main__, "__spec__", None)
    if spec is not None and spec.name != "__main__":
        name = spec.name.removesuffix(".__main__")
        return ["-m", name, *sys.argv[1:]]
    original = list(getattr(sys, "orig_argv", []))
    if "-c" in original[1:]:
        at = original.index("-c")
        return original[at:]
    script = getattr(__main__, "__file__", None)
    if script is None or not sys.argv or sys.argv[0] in ("", "-"):
        raise LaunchError(
            "windlass.ensure_jvm() starts a script again inside the JVM, and this is a prompt or standard input. "
            f"Start it by `{COMMAND}`."
        )
    return [sys.argv[0], *sys.argv[1:]]


def ensure_jvm() -> None:
    """Goes on inside a JVM: starts the running script again there, unless it runs there already.

    Call it first in a script that is started by plain `python app.py`: what stands before the call runs twice. It does
    nothing inside the JVM, and in the child processes of `multiprocessing`, which need none until they connect.

    Raises:
        ImportError: there is no Java 21 or newer, jep is missing or of another version, or this is a prompt.
    """
    if is_embedded() or is_multiprocessing_child():
        return
    try:
        launch(_own_arguments())
    except LaunchError as e:
        raise ImportError(str(e), name="windlass") from None


def is_multiprocessing_child() -> bool:
    """Whether `multiprocessing` started this process: it imports the main program once more."""
    module = sys.modules.get("multiprocessing.process")
    return module is not None and module.parent_process() is not None


def main() -> NoReturn:
    """`python -m windlass`."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE)
        raise SystemExit(0)
    if arguments[:1] in (["-V"], ["--version"]):
        print(f"windlass {version()}, jep {JEP_VERSION}, Python {sys.version.split()[0]}")
        raise SystemExit(0)
    if arguments and arguments[0].startswith("-") and arguments[0] not in ("-", "-m", "-c"):
        print(f"windlass: unknown option {arguments[0]}\n{USAGE}", file=sys.stderr)
        raise SystemExit(2)
    if arguments[:1] in (["-m"], ["-c"]) and len(arguments) < 2:
        print(f"windlass: {arguments[0]} needs an argument\n{USAGE}", file=sys.stderr)
        raise SystemExit(2)
    try:
        launch(arguments)
    except LaunchError as e:
        print(f"windlass: {e}", file=sys.stderr)
        raise SystemExit(2) from None


USAGE = """\
usage: python -m windlass SCRIPT [argument ...]
       python -m windlass -m MODULE [argument ...]
       python -m windlass -c CODE [argument ...]
       python -m windlass            a prompt that knows await; with input from a file, a program

Runs a Python program that may use the package windlass: in a JVM that embeds this Python.

environment:
  WINDLASS_JAVA_HOME     the JDK to use, 21 or newer (otherwise JAVA_HOME, the PATH, the usual places)
  WINDLASS_JAVA_OPTIONS  further options of Java, such as -Xmx1g"""
