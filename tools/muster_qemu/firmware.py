"""Where the firmware images lie on each kind of system."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .errors import SetupError

# OVMF as CODE and VARS: Debian and Ubuntu, Fedora, Arch, openSUSE.
OVMF_PAIRS = [
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
    ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ("/usr/share/qemu/ovmf-x86_64-4m-code.bin", "/usr/share/qemu/ovmf-x86_64-4m-vars.bin"),
]
U_BOOT = ["/usr/lib/u-boot/qemu-x86_64/u-boot.rom"]


@dataclass
class Firmware:
    """One firmware: flash contents (`code`, with `vars` where it has a separate store)."""

    code: Path
    vars: Optional[Path] = None
    is_u_boot: bool = False


def find_firmware(name: str) -> Firmware:
    """The firmware a user named: "ovmf", "u-boot", or CODE[:VARS]."""
    if name == "ovmf":
        return _find_ovmf()
    if name == "u-boot":
        return _find_u_boot()
    code, _, variables = name.partition(":")
    for path in filter(None, (code, variables)):
        if not Path(path).is_file():
            raise SetupError(f"--firmware: there is no file {path}")
    if not variables and "_CODE" in code:
        twin = Path(code.replace("_CODE", "_VARS"))
        variables = str(twin) if twin.is_file() else ""
    return Firmware(Path(code), Path(variables) if variables else None, "u-boot" in code)


def _find_ovmf() -> Firmware:
    for code, variables in OVMF_PAIRS:
        if Path(code).is_file() and Path(variables).is_file():
            return Firmware(Path(code), Path(variables))
    raise SetupError("no OVMF firmware found: run `make setup-run`, or name it with "
                     "--firmware CODE:VARS")


def _find_u_boot() -> Firmware:
    for path in U_BOOT:
        if Path(path).is_file():
            return Firmware(Path(path), is_u_boot=True)
    raise SetupError("no U-Boot firmware found: run `make setup-check` (Debian's u-boot-qemu), "
                     "or name its u-boot.rom with --firmware")
