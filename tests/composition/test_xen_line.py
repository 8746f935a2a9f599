# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The line to dom0: the Python end against the shell's, with what a serial line does."""

import base64
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from atoll.xen import line
from atoll.xen.initramfs import SCRIPTS


class Framing(unittest.TestCase):
    """What is sent, and what is made of answers."""

    def answer(self, output, number=7, status=0):
        text = base64.b64encode(output).decode()
        return f"@={text}\n@!{number} {status} {len(text)}\n".encode()

    def read(self, data, size=None, number=7):
        lines, answer, size = line.Lines(), line.Answer(number), size or len(data)
        for at in range(0, len(data), size):
            for one in lines.feed(data[at:at + size]):
                if (found := answer.feed(one)) is not None:
                    return found
        return None

    def test_bytes_of_every_kind(self):
        output = bytes(range(256)) * 5
        for size in (1, 7, 100, 5000):
            self.assertEqual(self.read(self.answer(output, status=3), size), (3, output))

    def test_xen_in_the_middle(self):
        clean = self.answer(b"an answer of some length, to have places in")
        for message in (b"(XEN) d2v0 Triple fault\n", b"(d2) debug (d2)\n"):
            for at in range(len(clean)):
                data = clean[:at] + message + clean[at:]
                for size in (1, 5, len(data)):
                    self.assertEqual(self.read(data, size)[0], 0, (message, at, size))

    def test_carriage_returns(self):
        self.assertEqual(self.read(self.answer(b"x").replace(b"\n", b"\r\n")), (0, b"x"))

    def test_lost_characters(self):
        clean = self.answer(b"an answer")
        for at in range(2, clean.index(b"\n")):
            with self.assertRaises(line.Damaged):
                self.read(clean[:at] + clean[at + 1:])
        with self.assertRaises(line.Damaged):   # so many that the rest is base64 again
            self.read(clean[:2] + clean[6:])
        with self.assertRaises(line.Damaged):
            self.read(b"@!7 damaged 0\n")

    def test_the_answer_to_another_script(self):
        self.assertEqual(self.read(self.answer(b"old", number=6) + self.answer(b"new")),
                         (0, b"new"))

    def test_lines_fit_into_xens_buffer(self):
        for one, _ in line.request(123456, "x" * 1000, 600):
            self.assertLess(len(one), 100)


@unittest.skipUnless(shutil.which("busybox") or shutil.which("dash"), "no small shell here")
class Shell(unittest.TestCase):
    """serve.sh, in a shell of this machine."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        script = (SCRIPTS / "serve.sh").read_text(encoding="utf-8")
        for old, new in (("/run/", f"{folder.name}/"), ("stty raw -echo", ":")):
            self.assertIn(old, script)
            script = script.replace(old, new)
        place = Path(folder.name) / "serve.sh"
        place.write_text(script, encoding="utf-8")
        shell = ["busybox", "sh"] if shutil.which("busybox") else ["dash"]
        self.shell = subprocess.Popen([*shell, str(place)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, bufsize=0)
        self.addCleanup(self.shell.stdout.close)
        self.addCleanup(self.shell.wait)
        self.addCleanup(self.shell.kill)
        self.addCleanup(self.shell.stdin.close)
        self.expect(line.READY)

    def expect(self, wanted):
        self.assertEqual(self.shell.stdout.readline().rstrip(b"\n"), wanted)

    def run_script(self, number, script, again=False):
        for one, confirmation in line.request(number, script, 5):
            for _ in range(2 if again else 1):
                self.shell.stdin.write(one)
                self.expect(confirmation)
                if again and one.startswith(b"!"):
                    break
        return self.answer(number)

    def answer(self, number):
        answer = line.Answer(number)
        while (found := answer.feed(self.shell.stdout.readline().rstrip(b"\n"))) is None:
            pass
        return found

    def test_scripts(self):
        self.assertEqual(self.run_script(1, "echo hello; echo error >&2; exit 3"),
                         (3, b"hello\nerror\n"))
        self.assertEqual(self.run_script(2, "true"), (0, b""))
        long = "x" * 3000
        self.assertEqual(self.run_script(3, f"printf '%s' {long}"), (0, long.encode()))
        status, output = self.run_script(4, "head -c 2000 /dev/urandom | tee /dev/null")
        self.assertEqual((status, len(output)), (0, 2000))

    def test_lines_that_come_twice(self):
        self.assertEqual(self.run_script(1, "echo " + "y" * 200, again=True),
                         (0, b"y" * 200 + b"\n"))

    def test_a_script_is_run_once(self):
        """The second time its answer comes again."""
        mark = os.path.join(os.path.dirname(self.shell.args[-1]), "mark")
        self.run_script(5, f"echo x | tee -a {mark}")
        self.shell.stdin.write(b"!5 5 0\n")
        self.expect(b"@>5")
        self.assertEqual(self.answer(5), (0, b"x\n"))
        self.assertEqual(Path(mark).read_text(encoding="utf-8"), "x\n")

    def test_the_last_answer_once_more(self):
        self.run_script(6, "echo this")
        self.shell.stdin.write(line.AGAIN)
        self.assertEqual(self.answer(6), (0, b"this\n"))

    def test_one_that_lost_something(self):
        self.shell.stdin.write(b"+1 ZWNobw\n!7 5 100\n")
        self.expect(b"@+1")
        self.expect(b"@>7")
        with self.assertRaises(line.Damaged):
            self.answer(7)

    def test_one_that_never_ends(self):
        for one, confirmation in line.request(8, "sleep 60", 1):
            self.shell.stdin.write(one)
            self.expect(confirmation)
        self.assertEqual(self.answer(8)[0], line.TIMED_OUT)


if __name__ == "__main__":
    unittest.main()
