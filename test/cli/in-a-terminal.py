"""Runs a program in a terminal of its own, and types an answer once a text is on it.

in-a-terminal.py TEXT ANSWER PROGRAM ARGUMENTS...
Prints all that was on the terminal, and ends with the program's exit status.
"""

import fcntl
import os
import pty
import struct
import sys
import termios

text, answer, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
# Wide enough that no line is broken.
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 400, 0, 0))
seen = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    seen += part
    if answer and text.encode() in seen:
        os.write(terminal, answer.encode())
        answer = ""
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
