"""Runs a program on a terminal of its own and answers its questions.

    python3 dialogue.py COLUMNS [QUESTION ANSWER]... -- PROGRAM [WORD]...

Each ANSWER is typed once its QUESTION has appeared. All that the terminal
shows goes to standard output; the status is the program's, 99 if nothing came
for a minute.
"""
import fcntl, os, pty, select, struct, sys, termios

split = sys.argv.index('--')
columns, talk, words = int(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    os.execvp(words[0], words)

shown, since = b'', 0
while True:
    if talk and shown.find(talk[0].encode(), since) >= 0:
        since = len(shown)
        os.write(terminal, talk[1].encode() + b'\n')
        talk = talk[2:]
    if not select.select([terminal], [], [], 60)[0]:
        os.kill(pid, 9)
        sys.exit(99)
    try:
        data = os.read(terminal, 65536)
    except OSError:
        data = b''
    if not data:
        break
    shown += data

sys.stdout.buffer.write(shown.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
