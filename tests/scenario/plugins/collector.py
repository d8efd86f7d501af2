"""collector.py - a TCP peer that takes what output_tcp sends: collector.py
PORT FILE [RESET_AFTER]. With RESET_AFTER it resets the first connection after
so many bytes. Each connection's bytes go to FILE.0, FILE.1, ..."""
import socket
import struct
import sys

port, name = int(sys.argv[1]), sys.argv[2]
most = int(sys.argv[3]) if len(sys.argv) > 3 else None

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen()
listener.settimeout(20)
n = 0
while True:
    peer, _ = listener.accept()
    with open(f"{name}.{n}", "wb") as out:
        got = 0
        while most is None or got < most:
            data = peer.recv(65536)
            if not data:
                break
            out.write(data)
            got += len(data)
    if most is None:
        break
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    most, n = None, n + 1
