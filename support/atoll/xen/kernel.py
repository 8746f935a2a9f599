# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Takes compressed kernels and modules apart, once, so that no boot spends seconds of
emulation on it."""

import lzma
import shutil
import struct
import subprocess
import zlib

_XZ, _ZSTD, _GZIP = b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x1f\x8b\x08"
_ELF = b"\x7fELF"


def expanded(data):
    """`data` decompressed where it begins like an xz, zstd or gzip file, else as it is;
    None where this machine cannot decompress it. What follows the stream is left out."""
    try:
        if data.startswith(_XZ):
            return lzma.LZMADecompressor().decompress(data)
        if data.startswith(_GZIP):
            return zlib.decompressobj(wbits=31).decompress(data)
    except (lzma.LZMAError, zlib.error):
        return None
    if data.startswith(_ZSTD):
        return _unzstd(data)
    return data


def _unzstd(data):
    if shutil.which("zstd") is None:
        return None
    # Complains about what follows the stream, after having written all of it.
    done = subprocess.run(["zstd", "-dcq"], input=data, capture_output=True, check=False)
    return done.stdout or None


def bootable(data):
    """The kernel inside vmlinuz `data` as a loader takes it without decompressing: an ELF
    file of x86_64, an Image of arm64; `data` itself where it is that already, or where
    this machine lacks the means."""
    for payload in (_bzimage(data), _zboot(data), data):
        if payload is None:
            continue
        kernel = expanded(payload)
        if kernel and (kernel.startswith(_ELF) or kernel[56:60] == b"ARM\x64"):
            return kernel
    return data


def _bzimage(data):
    """The compressed kernel in an x86 bzImage (Linux, Documentation/arch/x86/boot.rst:
    setup_sects, payload_offset, payload_length)."""
    if data[0x202:0x206] != b"HdrS":
        return None
    sectors = data[0x1f1] or 4
    offset, length = struct.unpack_from("<II", data, 0x248)
    start = (sectors + 1) * 512 + offset
    return data[start:start + length]


def _zboot(data):
    """The compressed kernel in an EFI zboot image (Linux, drivers/firmware/efi/libstub/
    zboot-header.S)."""
    if data[:2] != b"MZ" or data[4:8] != b"zimg":
        return None
    offset, length = struct.unpack_from("<II", data, 8)
    return data[offset:offset + length]
