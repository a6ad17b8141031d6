#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Inputs just over a cap of src/base/limits.h, and those of worst.py:

    over.py DIR NAME...     makes DIR/NAME

What is said of each stands in tests/limits.list."""
import json
import lzma
import struct
import sys
import zlib

from worst import (HEADER, INPUTS, be16, be32, be64, described, device, len8,
                   main, ram_list, section, array_of_structs, worst)


# ---- around the stream ----

@worst
def leading_zeros():
    """A hole of 4 GiB, and then the stream."""
    yield (4 << 30) + 1
    yield HEADER + described([])


@worst
def zeros():
    yield b"\0" * (2 << 20) + HEADER + described([])


@worst
def xz_dictionary():
    """As "xz" writes it, with a dictionary of 1.5 GiB in the block header."""
    data = bytearray(lzma.compress(HEADER + described([]), check=0))
    # stream header 12 | size, flags, filter id, its size, dictionary, 0*3, CRC
    assert data[14:16] == b"\x21\x01"
    data[16] = 37
    data[20:24] = struct.pack("<I", zlib.crc32(data[12:20]))
    yield bytes(data)


@worst
def xz():
    yield lzma.compress(HEADER + described([]))


@worst
def zstd_window():
    """A frame with a window of 2^28 bytes, one raw block."""
    stream = HEADER + described([])
    yield b"\x28\xb5\x2f\xfd\x00" + bytes([(28 - 10) << 3])
    yield struct.pack("<I", len(stream) << 3 | 1)[:3] + stream


def qcow2(bits=16, count=1, entries=1, extra=0, name=b"n", table=b""):
    """An image with snapshots, and the L1 table of their state."""
    cluster = 1 << bits
    head = be64(3 * cluster) + be32(entries) + be16(1) + be16(len(name))
    head += be32(0) * 2 + be64(0) + be32(4096) + be32(16 + extra)
    head += be64(4096) + be64(0) + b"\0" * extra + b"1" + name
    head += b"\0" * (-len(head) % 8)
    place = 3 * cluster + (len(table) + cluster - 1) // cluster * cluster
    yield b"QFI\xfb" + be32(3) + be64(0) + be32(0) + be32(bits) + be64(0)
    yield be32(0) * 2 + be64(0) * 2 + be32(0) + be32(count) + be64(place)
    yield be64(0) * 3 + be32(4) + be32(104)
    yield b"\0" * (cluster - 104)
    # an L2 table whose last entry is a cluster, and one without any
    yield b"\0" * (cluster - 8) + be64(cluster) + b"\0" * cluster
    yield table + b"\0" * (place - 3 * cluster - len(table))
    yield head * count


@worst
def qcow2_clusters_of_256_bytes():
    yield from qcow2(8)


@worst
def qcow2_clusters_of_4_mib():
    yield from qcow2(22)


@worst
def qcow2_l1_table():
    yield from qcow2(entries=(32 << 20) // 8 + 1)


@worst
def qcow2_more_snapshots():
    yield from qcow2(count=65537)


@worst
def qcow2_extra_data():
    yield from qcow2(extra=1009)


@worst
def qcow2_names():
    yield from qcow2(count=257, name=b"n" * 65535)


@worst
def qcow2_state():
    """The last cluster that an L1 table of 1 MiB can map, and one more."""
    yield from qcow2(entries=131073, table=be64(0) * 131072 + be64(1 << 16))


@worst
def qcow2_empty_tables():
    yield from qcow2(entries=300, table=be64(2 << 16) * 300)


# ---- the stream ----

@worst
def machine_name():
    name = b"m" * 4097
    yield b"QEVM\0\0\0\3\7" + be32(len(name)) + name + described([])


@worst
def ram_pages():
    """A block of 32 TiB in pages of 1 KiB."""
    yield b"QEVM\0\0\0\3\7\0\0\0\4none" + b"\5" + \
        len8(b"configuration/target-page-bits") + be32(1) + be32(10)
    yield ram_list([(b"pc.ram", 1 << 45)])
    yield section(2, b"", 0, 0, be64((1 << 44) | 8) + len8(b"pc.ram") +
                  b"\5" * 1024 + be64(0x10), 2)
    yield described([], 1024)


@worst
def pings():
    yield HEADER + command(2, be32(1)) * 70000 + described([])


def command(number, data=b""):
    return b"\x08" + be16(number) + be16(len(data)) + data


@worst
def discards():
    """All of a block of 32 TiB, time and again."""
    yield HEADER + command(3, be64(4096) * 2)
    yield ram_list([(b"pc.ram", 1 << 45)])
    yield section(2, b"", 0, 0, be64(8) + len8(b"pc.ram") + b"\5" * 4096 +
                  be64(0x10), 2)
    yield command(6, b"\0" + len8(b"pc.ram") + b"\0" +
                  (be64(0) + be64(1 << 45)) * 12) * 12
    yield described([])


@worst
def postcopy_events():
    yield HEADER + command(1) + command(3, be64(4096) * 2)
    yield ram_list([(b"pc.ram", 4096), (b"rom", 4096)])
    yield b"".join(command(6, b"\0" + len8(b) + b"\0" + be64(0) + be64(4096))
                   for b in (b"pc.ram", b"rom") * 2049)
    yield described([])


@worst
def cpus():
    yield HEADER.replace(b"\4none", b"\x0dpc-i440fx-7.2")
    yield ram_list([(b"pc.ram", 4096)])
    yield section(2, b"", 0, 0, be64(8) + len8(b"pc.ram") + b"\5" * 4096 +
                  be64(0x10), 2)
    cpu = [{"name": "env.eip", "type": "uint64", "size": 8}]
    for i in range(1025):
        yield section(10 + i, b"cpu", i, 1, be64(i))
    yield described([device("cpu", cpu, i) for i in range(1025)])


@worst
def vmcoreinfo():
    yield HEADER.replace(b"\4none", b"\x0dpc-i440fx-7.2") + ram_list([(b"pc.ram", 4096)])
    yield section(2, b"", 0, 0, be64(8) + len8(b"pc.ram") + b"\5" * 4096 +
                  be64(0x10), 2)
    yield section(3, b"vmcoreinfo", 0, 1, b"\1" + struct.pack(
        ">HHIQ", 0, 1, (64 << 10) + 1, 0))
    yield described([device("vmcoreinfo", [
        {"name": "has_vmcoreinfo", "type": "bool", "size": 1},
        {"name": "vmcoreinfo.host_format", "type": "uint16", "size": 2},
        {"name": "vmcoreinfo.guest_format", "type": "uint16", "size": 2},
        {"name": "vmcoreinfo.size", "type": "uint32", "size": 4},
        {"name": "vmcoreinfo.paddr", "type": "uint64", "size": 8}])])


@worst
def known_places():
    """As many sections with the ATS capability of 5.2."""
    name = b"0000:%02x:%02x.0/virtio-net"
    config = b"\0" * 256 + struct.pack("<IH", 0x1000f, 0x20) + b"\0" * 3834
    yield HEADER.replace(b"\4none", b"\x0apc-q35-5.1")
    names = [name % (i // 32 + 1, i % 32) for i in range(300)]
    for i, name in enumerate(names):
        yield section(10 + i, name, 0, 1, config)
    yield described([device(name.decode(), [
        {"name": "config[1]", "type": "pci config", "size": 4096}])
        for name in names])


@worst
def local_values():
    """For a reference: 129 arrays of 4096 numbers."""
    yield HEADER + section(1, b"d", 0, 1, b"\1" * (129 * 4096))
    yield described([device("d", [
        {"name": "a%d" % i, "array_len": 4096, "type": "uint8", "size": 1}
        for i in range(129)])])


@worst
def local_bytes():
    fields = [{"name": "b%d" % i, "type": "buffer", "size": 4096}
              for i in range(2050)]
    yield HEADER
    for i in (1, 2):
        yield section(i, b"d", i, 1, b"\1" * (2050 * 4096))
    yield described([device("d", fields, i) for i in (1, 2)])


@worst
def analyze_values():
    yield from array_of_structs(700000)


@worst
def storage_keys():
    """A part of 1 MiB for every 4 GiB of the guest."""
    parts = b"".join(be64(i << 32 | 2) + be64(1 << 20) + b"\x10" * (1 << 20)
                     for i in range(33))
    yield HEADER + section(1, b"s390-skeys", 0, 1, parts + be64(1))
    yield described([])


# ---- schemas ----

def schema(**parts):
    return json.dumps(dict({"migscope_schema": 1}, **parts),
                      separators=(",", ":")).encode()


def vmsd(name, **parts):
    return dict({"name": name, "version": 1, "minimum": 1}, **parts)


@worst
def schema_descriptions():
    yield schema(vmsds=[vmsd("v%d" % i) for i in range(16385)])


@worst
def schema_devices():
    yield schema(vmsds=[vmsd("v")], devices=[
        {"how": "type", "name": "d%d" % i, "vmsd": "v"}
        for i in range(16385)])


@worst
def schema_fields():
    yield schema(vmsds=[vmsd("v", fields=[{"name": "f"}] * 4097)])


@worst
def schema_subsections():
    yield schema(vmsds=[vmsd("v", subsections=["s"] * 257), vmsd("s")])


@worst
def schema_depth():
    yield schema(vmsds=[vmsd("v%d" % i, subsections=["v%d" % (i + 1)])
                        for i in range(33)] + [vmsd("v33")])


@worst
def schema_nodes():
    """Each holds the one before it twice."""
    yield schema(vmsds=[vmsd("v0")] + [
        vmsd("v%d" % i, subsections=["v%d" % (i - 1)] * 2)
        for i in range(1, 21)])


@worst
def schema_memory():
    fields = [{"name": ""}] * 4096
    yield schema(vmsds=[vmsd("v%d" % i, fields=fields) for i in range(400)])


@worst
def schema_text():
    yield b'{"migscope_schema":1' + b" " * (64 << 20) + b"}"


@worst
def schema_notes():
    """Device types whose version differs from that of their description."""
    yield json.dumps({"t%d" % i: {"version_id": 1, "Description": {
        "name": "d", "version_id": 2, "minimum_version_id": 1}}
        for i in range(200)}).encode()


@worst
def schema_properties():
    yield schema(compat=[{"name": "c", "properties": [["d", "n", "v"]] * 1025}])


@worst
def schema_lists():
    yield schema(compat=[{"name": "c", "properties": []}],
                 machines=[{"name": "m", "parent": "machine",
                            "compat": [0] * 257}])


@worst
def load_steps():
    """Elements whose description has 4096 fields of a later version."""
    yield HEADER + section(1, b"d", 0, 1, b"\1" * 16000)
    yield described([device("d", [
        {"name": "a", "array_len": 16000, "type": "struct", "size": 1,
         "struct": {"vmsd_name": "e", "version": 1, "fields": [
             {"name": "x", "type": "uint8", "size": 1}]}}])])


@worst
def load_steps_schema():
    later = [{"name": "l%d" % i, "type": "uint8", "version": 2, "size": 1}
             for i in range(4095)]
    yield schema(known=["types", "versions"], vmsds=[
        vmsd("d", fields=[{"name": "a", "type": "struct", "vmsd": "e",
                           "flags": ["array"], "num": 16000, "size": 1}]),
        vmsd("e", fields=later + [{"name": "x", "type": "uint8", "size": 1}])],
        devices=[{"how": "type", "name": "d", "vmsd": "d"}])


@worst
def finding_names():
    """A thousand values that are no bool, in 20 objects of long names."""
    name, levels = "n" * 4000, 20
    fields = [{"name": name, "array_len": 1000, "type": "bool", "size": 1}]
    for _ in range(levels):
        fields = [{"name": name, "type": "struct", "size": 1000, "struct": {
            "vmsd_name": name, "version": 1, "fields": fields}}]
    yield HEADER + section(1, b"d", 0, 1, b"\2" * 1000)
    yield described([device("d", fields)])


@worst
def undescribed():
    """Of 100 bytes, with a footer."""
    yield HEADER + section(1, b"d", 0, 1, b"\x55" * 100) + b"\0"


@worst
def twenty_undescribed():
    yield HEADER
    for i in range(20):
        yield section(i, b"d", i, 1, b"12345")
    yield b"\0"


def conditional(count):
    yield schema(known=["types"], vmsds=[vmsd("d", fields=[
        {"name": "f%d" % i, "type": "uint32", "size": 4,
         "flags": ["conditional"]} for i in range(count)])],
        devices=[{"how": "type", "name": "d", "vmsd": "d"}])


@worst
def choices_schema():
    yield from conditional(65)


@worst
def combinations_schema():
    """None of which takes 100 bytes."""
    yield from conditional(20)


# ---- two schemas ----

@worst
def compat_fields():
    """160,000 fields, in a description with two levels."""
    field = {"type": "uint8", "offset": 0, "size": 1}
    yield schema(vmsds=[
        vmsd("outer", fields=[{"name": "f%d" % i, "type": "struct",
                               "offset": i, "size": 1, "flags": ["struct"],
                               "vmsd": "inner"} for i in range(400)]),
        vmsd("inner", fields=[dict(field, name="g%d" % i)
                              for i in range(400)])])


@worst
def compat_names():
    """Names that are four times as long when they are printed."""
    yield schema(vmsds=[
        vmsd("%d" % i + "\1" * 240,
             fields=[{"name": "x", "type": "uint8", "offset": 0, "size": 1}])
        for i in range(9000)])


@worst
def compat_misfits():
    """A finding for each description, and one for its version."""
    yield schema(known=["types", "versions"],
                 vmsds=[dict(vmsd("v%d" % i, fields=[
                     {"name": "x", "type": "uint8", "size": 1}]), version=2)
                     for i in range(10001)])


@worst
def compat_misfits_of():
    yield schema(known=["types", "versions"],
                 vmsds=[vmsd("v%d" % i, fields=[
                     {"name": "x", "type": "uint64", "size": 8}])
                     for i in range(10001)])


@worst
def compat_items():
    """1500 descriptions that unfold to 400 fields each, on two sides."""
    yield schema(vmsds=[vmsd("v%d" % i, fields=[
        {"name": "s", "type": "struct", "size": 1, "flags": ["struct"],
         "vmsd": "inner"}]) for i in range(1500)] + [
        vmsd("inner", fields=[{"name": "f%d" % i, "type": "uint8", "size": 1}
                              for i in range(400)])])


def compat_fields_of(kind, size):
    """17 descriptions of 2000 fields of one type."""
    yield schema(known=["types"], vmsds=[vmsd("v%d" % i, fields=[
        {"name": "%s%d" % (kind, k), "type": kind, "size": size}
        for k in range(2000)]) for i in range(17)])


@worst
def compat_steps():
    yield from compat_fields_of("uint8", 1)


@worst
def compat_steps_of():
    yield from compat_fields_of("uint64", 8)


@worst
def compat_nothing():
    yield schema(sources=[{"kind": "elf", "name": "q", "host": "x86_64"}],
                 vmsds=[vmsd("x", fields=[{"name": "x", "type": "uint8",
                                           "offset": 0, "size": 1}])])


# ---- programs ----

def elf(segments, rest=b""):
    """segments: (type, flags, file offset, bytes)"""
    yield b"\177ELF\2\1\1" + b"\0" * 9
    yield struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56,
                      len(segments), 0, 0, 0)
    for kind, flags, at, n in segments:
        yield struct.pack("<IIQQQQQQ", kind, flags, at, at, at, n, n, 8)
    yield b"\0" * (8192 - 64 - 56 * len(segments)) + rest


@worst
def program_size():
    yield b"\177ELF"
    yield 1 << 30


@worst
def program_segments():
    yield from elf([(1, 4, 8 * i, 8) for i in range(65)])


@worst
def program_symbols():
    tags = struct.pack("<8Q", 4, 8192 + 64, 6, 8192, 5, 8192, 0, 0)
    yield from elf([(1, 4, 0, 8192 + 72), (2, 4, 8192, 64)],
                   tags + struct.pack("<II", 1, (1 << 20) + 1))


# ---- profiles of hosts ----

def host(**parts):
    return json.dumps(dict({"migscope_host": 1, "name": "h"}, **parts),
                      separators=(",", ":")).encode()


@worst
def host_text():
    yield host(about="a" * (4 << 20))


@worst
def host_memory():
    yield host(about="a" * ((4 << 20) - 25000), sources=[""] * 64,
               cpuid=[{"function": "0x1"}] * 1024)


@worst
def host_leaves():
    yield host(cpuid=[{"function": "0x1"}] * 1025)


@worst
def host_sources():
    yield host(sources=["s"] * 65)


# ---- known issues ----

INPUTS["known-issues.json"] = lambda: [b" " * ((1 << 20) + 24)]


if __name__ == "__main__":
    main()
