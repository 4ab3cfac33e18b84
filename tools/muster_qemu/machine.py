"""The QEMU command for a set of settings, and the files it needs."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Optional

from .errors import SetupError
from .firmware import Firmware, find_firmware
from .settings import Settings
from .volumes import make_fat, read_fat

IMAGE, STORE = "esp.img", "vars.fd"
TEXT_FILE, STATUS_FILE = "/MUSTER.OUT", "/MUSTER.STS"

# Typed into the shell: the volume is looked for, since nobody knows which FSx it became. Should
# muster return, it is asked once more with its words going into a file: a console breaks lines at
# its own width.
_SHELL_SCRIPT = """\
@echo -off
for %i in 0 1 2 3 4 5 6 7 8 9
  if exist FS%i:\\muster.efi then
    FS%i:
    goto FOUND
  endif
endfor
:FOUND
{first}
muster.efi {args} >a \\MUSTER.OUT
echo %lasterror% >a \\MUSTER.STS
reset -s
"""


def qemu_command(settings: Settings, folder: Path, serial: Path, qmp_fd: int) -> list[str]:
    """The whole command; makes what it names in `folder`. COM1 is the pipes serial.in and .out; the
    file descriptor is inherited."""
    words = qemu_words(settings, folder, serial, qmp_fd)
    make_store(settings, folder)
    if settings.boot in ("esp", "shell"):
        make_fat(folder / IMAGE, volume_files(settings))
    return words


def qemu_words(settings: Settings, folder: Path, serial: Path, qmp_fd: int) -> list[str]:
    """The command alone: the same for the same machine, but for its arguments."""
    if not settings.disk and not settings.efi.is_file():
        raise SetupError(f"there is no {settings.efi}: run `make`, or name it with --efi")
    command = [qemu_program(settings), "-accel", "tcg,thread=multi", "-machine", settings.machine,
               "-cpu", settings.cpu, "-smp", settings.smp, "-m", f"{settings.memory_mib}M",
               "-nodefaults", "-display", "none", "-vga", "std", "-no-reboot", "-no-shutdown",
               "-chardev", f"socket,id=qmp,fd={qmp_fd}", "-mon", "chardev=qmp,mode=control"]
    if settings.serial:
        command += ["-chardev", f"pipe,id=com1,path={_comma_safe(serial)}", "-serial", "chardev:com1"]
    command += _firmware_options(find_firmware(settings.firmware), folder)
    command += _boot_options(settings, folder)
    if "--then debug-exit" in " ".join(settings.args.split()):
        command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    return command + settings.qemu_args


def qemu_program(settings: Settings) -> str:
    """Where the emulator lies."""
    program = shutil.which(settings.qemu)
    if not program:
        raise SetupError(f"{settings.qemu} is missing: run `make setup-run`, or name another "
                         "with --qemu")
    return program


def make_store(settings: Settings, folder: Path) -> None:
    """The firmware's variables as they are delivered; what a run writes there is its own."""
    variables = find_firmware(settings.firmware).vars
    if variables:
        shutil.copyfile(variables, folder / STORE)


def _firmware_options(firmware: Firmware, folder: Path) -> list[str]:
    if not firmware.vars:
        return ["-bios", str(firmware.code)]
    return ["-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={_comma_safe(firmware.code)}",
            "-drive", f"if=pflash,unit=1,format=raw,file={_comma_safe(folder / STORE)}"]


def _boot_options(settings: Settings, folder: Path) -> list[str]:
    if settings.boot == "kernel":
        return ["-kernel", str(settings.efi), "-append", settings.muster_args]
    if settings.disk:
        return _disk_options(settings.disk)
    # The shell looks on every disk, so there the first place stays free for one of --qemu-arg.
    place = 1 if settings.boot == "shell" else 0
    return ["-drive", f"if=ide,index={place},format=raw,file={_comma_safe(folder / IMAGE)}"]


def _disk_options(disk: Path) -> list[str]:
    """A finished image as people use it: on USB, or as a CD. What the guest writes is dropped."""
    drive = f"if=none,id=disk,format=raw,snapshot=on,file={_comma_safe(disk)}"
    if disk.suffix == ".iso":
        return ["-drive", drive + ",media=cdrom", "-device", "ide-cd,drive=disk"]
    return ["-drive", drive, "-device", "qemu-xhci", "-device", "usb-storage,drive=disk"]


def volume_files(settings: Settings) -> dict[str, bytes]:
    """The files of the disk, by path."""
    extra = {target: source.read_bytes() for source, target in settings.files}
    program = settings.efi.read_bytes()
    if settings.boot == "esp":
        files = {"/EFI/BOOT/BOOTX64.EFI": program}
        return _with_config({**files, **extra}, "/EFI/BOOT/muster.cfg", settings.muster_args)
    files = {"/muster.efi": program}
    if "/startup.nsh" in extra:  # the user's own script gives no arguments
        return _with_config({**files, **extra}, "/muster.cfg", settings.muster_args)
    args = _shell_safe(settings.muster_args)
    first = settings.before + ([] if settings.asks else [f"muster.efi {args}"])
    script = _SHELL_SCRIPT.format(args=args, first="\n".join(first))
    files["/startup.nsh"] = script.replace("\n", "\r\n").encode()
    return {**files, **extra}


def shell_answer(folder: Path) -> tuple[list[str], Optional[int]]:
    """What muster printed in the shell, and its exit status, when it returned there."""
    try:
        text = read_fat(folder / IMAGE, TEXT_FILE).decode(errors="replace")
        status = int(read_fat(folder / IMAGE, STATUS_FILE).decode().strip(), 16)
    except (SetupError, ValueError):
        return [], None
    return text.replace("\r", "").strip("\n").split("\n"), status


def _with_config(files: dict[str, bytes], path: str, args: str) -> dict[str, bytes]:
    """Where nobody passes arguments: they become a line of muster.cfg, after the user's own."""
    own = files.get(path, b"")
    separator = b"\n" if own and not own.endswith(b"\n") else b""
    return {**files, path: own + separator + args.encode() + b"\n"}


def _shell_safe(args: str) -> str:
    """`args` with the shell's own signs escaped (UEFI Shell 2.2, 3.6.1)."""
    return "".join(f"^{sign}" if sign in "#<>|^" else sign for sign in args)


def _comma_safe(path: Path) -> str:
    """QEMU's option values end at a comma; two stand for one."""
    return str(path).replace(",", ",,")
