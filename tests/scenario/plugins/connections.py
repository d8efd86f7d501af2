"""connections.py - the peers of input_tcp and input_unix, well and badly
behaved: connections.py tcp PORT | unix PATH, and which of them."""
import socket
import struct
import sys
import threading
import time

family, place, what = sys.argv[1:4]


def connect():
    deadline = time.monotonic() + 10
    while True:
        try:
            if family == "tcp":
                return socket.create_connection(("127.0.0.1", int(place)))
            s = socket.socket(socket.AF_UNIX)
            s.connect(place)
            return s
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def many():
    """200 connections at once, 500 lines each, from four threads."""
    peers = [connect() for _ in range(200)]

    def talk(first, last):
        for line in range(500):
            for i in range(first, last):
                peers[i].sendall(b"line %d\n" % (i * 500 + line + 1))

    threads = [threading.Thread(target=talk, args=(i, i + 50))
               for i in range(0, 200, 50)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for p in peers:
        p.close()


def fast():
    """One that sends as fast as it can."""
    s = connect()
    s.sendall(b"".join(b"line %d\n" % i for i in range(1, 500001)))
    s.close()


def slow():
    """A byte at a time."""
    s = connect()
    for byte in b"a slow line\n":
        s.sendall(bytes([byte]))
        time.sleep(0.01)
    s.close()


def unfinished():
    s = connect()
    s.sendall(b"whole\nwithout its end")
    s.close()


def reset():
    s = connect()
    s.sendall(b"before the reset\ntorn")
    time.sleep(0.3)  # it has to arrive: a reset throws away what has not
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                 struct.pack("ii", 1, 0))
    s.close()


def silent():
    """Half a line, and then nothing, until we are thrown out."""
    s = connect()
    s.sendall(b"half")
    s.settimeout(10)
    sys.exit(0 if s.recv(1) == b"" else 1)


globals()[what]()
