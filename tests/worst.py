#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Inputs that come near the caps of src/base/limits.h, or over them:

    worst.py DIR [NAME[:COUNT]...]
                               makes DIR/NAME, all of them without NAME, of
                               COUNT parts where it takes a number

Each is one function below; what it is to reach stands in tests/limits.list
and tests/memory.sh."""
import json
import lzma
import os
import struct
import sys
import zlib

INPUTS = {}
HEADER = b"QEVM\0\0\0\3\7\0\0\0\4none"


def worst(f):
    INPUTS[f.__name__.replace("_", "-")] = f
    return f


def be16(n):
    return struct.pack(">H", n)


def be32(n):
    return struct.pack(">I", n)


def be64(n):
    return struct.pack(">Q", n)


def len8(text):
    return bytes([len(text)]) + text


def section(number, name, instance, version, body=b"", kind=4):
    head = bytes([kind]) + be32(number)
    if kind in (1, 4):
        head += len8(name) + be32(instance) + be32(version)
    return head + body + b"\x7e" + be32(number)


def described(devices, page_size=4096):
    text = devices if isinstance(devices, bytes) else json.dumps(
        {"page_size": page_size, "devices": devices},
        separators=(",", ":")).encode()
    return b"\0\6" + be32(len(text)) + text


def device(name, fields, instance=0):
    return {"name": name, "instance_id": instance, "vmsd_name": name,
            "version": 1, "fields": fields}


def ram_list(blocks, number=2):
    """blocks: (name, bytes)"""
    body = be64(sum(n for _, n in blocks) | 4)
    body += b"".join(len8(name) + be64(n) for name, n in blocks)
    return section(number, b"ram", 0, 4, body + be64(0x10), 1)


# ---- tables ----

@worst
def sections(count=70000):
    """More sections than are kept, with the longest names."""
    yield HEADER
    for i in range(count):
        yield section(i, b"%06d" % i + b"s" * 249, i, 1)
    yield described([])


@worst
def sections_of_one_name(count=70000):
    yield HEADER
    for i in range(count):
        yield section(i, b"s", 7, 1)
    yield described([])


@worst
def sections_of_one_id(count=200000):
    yield HEADER
    for i in range(count):
        yield section(1, b"s%d" % (i % 9), i, 1)
    yield described([])


@worst
def ram_blocks(count=70000):
    yield HEADER
    yield ram_list([(b"%06d" % i + b"b" * 249, 4096) for i in range(count)])
    yield described([])


@worst
def commands(count=70000):
    yield HEADER
    yield (b"\x08" + be16(7) + be16(4) + be32(1)) * count
    yield described([])


@worst
def command_names(count=70000):
    """Commands with data, of an unknown number."""
    yield HEADER
    yield (b"\x08" + be16(0x7fff) + be16(0)) * count
    yield described([])


@worst
def findings(count=200000):
    """Sections that nothing describes, each a finding or two."""
    yield HEADER
    for i in range(count):
        yield section(i % 60000, b"%06d" % i + b"\x1b" * 249, i, 1, b"12345")
    yield described([])


# ---- descriptions ----

@worst
def description_objects(size=31 << 20):
    """The largest model that a text makes: fields of nothing."""
    field = b'{"name":"","type":"struct","size":0,"struct":{}},'
    text = b'{"page_size":4096,"devices":[{"name":"d","instance_id":0,' \
        b'"vmsd_name":"d","version":1,"fields":['
    text += field * (size // len(field)) + field[:-1] + b"]}]}"
    yield HEADER + section(1, b"d", 0, 1)
    yield described(text)


@worst
def description_too_long(size=33 << 20):
    yield HEADER + section(1, b"d", 0, 1)
    yield described(b'{"page_size":4096,"devices":[' + b" " * size + b"]}")


@worst
def fields(count=200000, value=b"\1"):
    yield HEADER + section(1, b"d", 0, 1, value * (4 * count))
    yield described([device("d", [
        {"name": "f%d" % i, "type": "uint32", "size": 4}
        for i in range(count)])])


@worst
def fields_of_another(count=200000):
    yield from fields(count, b"\2")


@worst
def subsections(count=257):
    """In the order that makes the most of looking for them."""
    yield HEADER + section(1, b"d", 0, 1, b"\1" + b"".join(
        b"\5" + len8(b"d/s%d" % i) + be32(1) + b"\1"
        for i in reversed(range(count))))
    d = device("d", [{"name": "a", "type": "uint8", "size": 1}])
    d["subsections"] = [
        {"vmsd_name": "d/s%d" % i, "version": 1,
         "fields": [{"name": "x", "type": "uint8", "size": 1}]}
        for i in range(count)]
    yield described([d])


@worst
def array(count=6 << 20):
    """Elements one by one in trees of `dump`."""
    yield HEADER + section(1, b"d", 0, 1, b"\1" * count)
    yield described([device("d", [
        {"name": "a", "array_len": count, "type": "uint8", "size": 1}])])


@worst
def array_of_structs(count=300000):
    yield HEADER + section(1, b"d", 0, 1, b"\1" * count)
    yield described([device("d", [
        {"name": "a", "array_len": count, "type": "struct", "size": 1,
         "struct": {"vmsd_name": "e", "version": 1, "fields": [
             {"name": "x", "type": "uint8", "size": 1}]}}])])


@worst
def buffer(size=63 << 20):
    yield HEADER + section(1, b"d", 0, 1, b"\xff" * size)
    yield described([device("d", [
        {"name": "b", "type": "buffer", "size": size}])])


@worst
def buffer_over_the_view(size=65 << 20):
    yield from buffer(size)


# ---- guest memory ----

@worst
def ram_huge():
    """A block of 32 TiB, with one page."""
    yield HEADER + ram_list([(b"pc.ram", 1 << 45)])
    yield section(2, b"", 0, 0, be64((1 << 44) | 8) + len8(b"pc.ram") +
                  b"\5" * 4096 + be64(0x10), 2)
    yield section(2, b"", 0, 0, be64(0x10), 3)
    yield described([])


@worst
def ram_over_the_cap():
    yield HEADER + ram_list([(b"pc.ram", 1 << 47)])
    yield described([])


# ---- containers ----

@worst
def libvirt_xml(size=15 << 20):
    xml = b"<domain>" + b"\x01<a>" * (size // 4) + b"</domain>\0"
    yield b"LibvirtQemudSave" + struct.pack("<5I", 2, len(xml), 0, 0, 0)
    yield b"\0" * 56 + xml + HEADER + described([])


@worst
def libvirt_xml_too_long():
    yield from libvirt_xml(17 << 20)


def qcow2(snapshots, l1_size, name):
    """Many snapshots, one of which has a state."""
    table, at = bytearray(), 1 << 16
    l1 = 2 << 20
    for i in range(snapshots):
        head = be64(l1) + be32(l1_size) + be16(1) + be16(len(name))
        head += be32(0) * 2 + be64(0) + be32(4096) + be32(16) + be64(4096)
        head += be64(0) + b"1" + name
        table += head + b"\0" * (-len(head) % 8)
    yield b"QFI\xfb" + be32(3) + be64(0) + be32(0) + be32(16) + be64(4096)
    yield be32(0) * 2 + be64(0) * 2 + be32(0) + be32(snapshots) + be64(at)
    yield be64(0) * 3 + be32(4) + be32(104)
    yield b"\0" * (at - 104) + table
    yield b"\0" * max(0, l1 - at - len(table)) + b"\0" * 8 * 4096


@worst
def qcow2_snapshots(count=65536):
    yield from qcow2(count, 1, b"n" * 200)


# ---- compressed: windows as large as they may be ----

def whole(pieces):
    return b"".join(pieces)


def xz(data, window):
    return lzma.compress(data, filters=[
        {"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": window}])


@worst
def xz_window():
    yield xz(whole(sections(20000)), 192 << 20)


@worst
def xz_window_of_another():
    yield xz(xz(whole(sections(20000)), 192 << 20), 192 << 20)


@worst
def xz_window_over_the_cap():
    yield xz(whole(sections(1)), 768 << 20)


@worst
def lzip_window(bits=27):
    data = whole(sections(20000))
    raw = lzma.compress(data, lzma.FORMAT_RAW, filters=[
        {"id": lzma.FILTER_LZMA1, "preset": 1, "dict_size": 1 << bits}])
    member = b"LZIP\1" + bytes([bits]) + raw
    member += struct.pack("<IQQ", zlib.crc32(data), len(data), len(raw) + 26)
    yield member + member


def zstd(data, bits):
    """Blocks that are not compressed, in a frame with a window."""
    yield b"\x28\xb5\x2f\xfd\0" + bytes([bits - 10 << 3])
    for at in range(0, len(data), 1 << 17):
        piece = data[at:at + (1 << 17)]
        last = at + len(piece) == len(data)
        yield struct.pack("<I", len(piece) << 3 | last)[:3] + piece


@worst
def zstd_window():
    yield from zstd(whole(sections(70000)), 27)


@worst
def zstd_window_over_the_cap():
    yield from zstd(whole(sections(1)), 28)


def zstd_zeros(count, bits, last):
    """A frame of as many blocks of 128 KiB of zeros."""
    block = struct.pack("<I", 1 << 17 << 3 | 1 << 1)[:3] + b"\0"
    frame = b"\x28\xb5\x2f\xfd\0" + bytes([bits - 10 << 3]) + block * count
    return frame[:-4] + bytes([frame[-4] | last]) + frame[-3:]


def qcow2_compressed(frames, of_zstd):
    """A state of compressed clusters of 2 MiB."""
    cluster, first = 2 << 20, 6 << 20
    frames = [f + b"\0" * (-len(f) % 512) for f in frames]
    table, at = b"", first
    for f in frames:
        # the place, and above it 13 bits: sectors behind the first one
        table += be64(1 << 62 | len(f) // 512 - 1 << 49 | at)
        at += len(f)
    at += -at % cluster
    yield b"QFI\xfb" + be32(3) + be64(0) + be32(0) + be32(21) + be64(0)
    yield be32(0) * 2 + be64(0) * 2 + be32(0) + be32(1) + be64(at)
    yield be64(of_zstd << 3) + be64(0) * 2 + be32(4) + be32(112)
    yield bytes([of_zstd]) + b"\0" * 7
    yield cluster - 112
    yield be64(1 << 63 | 2 * cluster)
    yield cluster - 8
    yield table
    yield cluster - len(table)
    yield from frames
    yield at - first - sum(map(len, frames))
    yield be64(cluster) + be32(1) + be16(1) + be16(1) + be32(0) * 2
    yield be64(0) + be32(len(frames) * cluster) + be32(16)
    yield be64(len(frames) * cluster) + be64(0) + b"1n"


def cluster_of_stream():
    stream = HEADER + described([])
    return stream + b"\0" * ((2 << 20) - len(stream))


@worst
def qcow2_zstd(count=64):
    """Each cluster has a window of 16 MiB: the stream, and zeros."""
    yield from qcow2_compressed(
        [whole(zstd(cluster_of_stream(), 24))] +
        [zstd_zeros(16, 24, True)] * (count - 1), True)


@worst
def qcow2_deflate():
    deflate = zlib.compressobj(9, zlib.DEFLATED, -12)
    yield from qcow2_compressed(
        [deflate.compress(cluster_of_stream()) + deflate.flush()], False)


# ---- multifd ----

MULTIFD_PAGES = 128  # of a packet


@worst
def multifd_main(packets=300):
    """The stream that the channel below belongs to."""
    yield HEADER + ram_list([(b"pc.ram", packets * MULTIFD_PAGES * 4096)])
    yield described([])


@worst
def multifd_zstd(packets=300):
    """150 MiB of zeros, each page within a window of 128 MiB."""
    pages = MULTIFD_PAGES
    frame = zstd_zeros(packets * 4, 27, False)
    yield be32(0x11223344) + be32(1) + b"\0" * 56
    for i in range(packets):
        # the frame's header goes with the first
        payload = frame[16 * i + 6:16 * i + 22] if i else frame[:22]
        yield be32(0x11223344) + be32(1) + be32(2 << 1) + be32(pages)
        yield be32(pages) + be32(len(payload)) + be64(i) + be32(0) + b"\0" * 28
        yield b"pc.ram" + b"\0" * 250
        yield b"".join(be64((i * pages + k) * 4096) for k in range(pages))
        yield payload


# ---- the return path ----

@worst
def return_path(count=2200000):
    yield be16(3) + be16(8 + 4 + 1 + 6)
    yield be64(0) + be32(4096) + len8(b"pc.ram")
    for i in range(1, count):
        yield be16(4) + be16(12) + be64(i * 4096) + be32(4096)


def main():
    folder, names = sys.argv[1], sys.argv[2:] or INPUTS
    for name in names:
        name, _, count = name.partition(":")
        with open(os.path.join(folder, name), "wb") as f:
            for piece in INPUTS[name](*([int(count)] if count else [])):
                if isinstance(piece, int):  # a hole
                    f.seek(piece, os.SEEK_CUR)
                    f.truncate()
                else:
                    f.write(piece)


if __name__ == "__main__":
    main()
