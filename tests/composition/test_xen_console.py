# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""An image's console out of Xen's serial line, in pieces of every size."""

import unittest

from atoll.xen.console import Dom0, Dom0less

_BOOT = b"(XEN) Xen version 4.17.7\r\n(XEN) Freed 656kB init memory\r\n"
_SWITCHED = b"(XEN) *** Serial input to %s (type 'CTRL-a' three times to switch input)\r\n"
_ANSWER = (b"(XEN) 'q' pressed -> dumping domain info (now = 1)\r\n"
           b"(XEN) General information for domain 1:\r\n"
           b"(XEN)     refcnt=3 dying=0 pause_count=0\r\n"
           b"%s(XEN) Notifying guest 1:0 (virq 1, port 0)\r\n")
_CPU = b"(XEN)     VCPU%d: CPU0 [has=F] poll=0\r\n(XEN)     pause_count=%d pause_flags=0\r\n"


def written(console, data, size=None):
    """What it makes of `data` in pieces of that size."""
    size = size or len(data)
    pieces = [console.feed(data[at:at + size]) for at in range(0, len(data), size)]
    return b"".join(pieces) + console.finish()


class FirstDomain(unittest.TestCase):
    """An image as dom0."""

    def check(self, data, expected, boot=_BOOT):
        for size in range(1, 40):
            self.assertEqual(written(Dom0(), boot + data, size), expected, f"pieces of {size}")

    def test_its_text_is_as_written(self):
        self.check(b"Hello\r\n\r\nno end", b"Hello\n\nno end")
        self.check(b"its own\r\r\n", b"its own\r\n")

    def test_xen_in_the_middle(self):
        self.check(b"first\r\n(XEN) a message\r\nsec(d0) debug\r\nond\r\n", b"first\nsecond\n")
        self.check(b"a(XEN) d0v0 Triple fault\r\n", b"a")

    def test_what_only_looks_like_xen(self):
        self.check(b"f(x) (XE (d) (d12 (\r\n(", b"f(x) (XE (d) (d12 (\n(")

    def test_nothing_before_the_domain_runs(self):
        self.check(b"text", b"", boot=b"SeaBIOS\r\n(XEN) booting\r\n")

    def test_its_ends(self):
        for text, ended in ((b"(XEN) Hardware Dom0 halted: halting machine\r\n", True),
                            (b"(XEN) Hardware Dom0 crashed: rebooting\r\n", True),
                            (b"(XEN) Panic on CPU 0:\r\n", True),
                            (b"Hardware Dom0 halted: halting machine\r\n", False),
                            (b"(XEN) Hardware Dom0 halted", False)):
            console = Dom0()
            written(console, _BOOT + text)
            self.assertEqual(console.ended, ended, text)
            self.assertEqual(bool(console.reason), ended, text)

    def test_input_goes_in_portions_and_switches_nothing(self):
        console = Dom0(lambda: 5.0)
        console.type(b"x\x01" * 20)
        self.assertIsNone(console.due(), "the domain does not run yet")
        console.feed(_BOOT)
        sent = []
        while (due := console.due()) is not None:
            self.assertLess(due, 6)
            sent.append(console.send())
        self.assertEqual(b"".join(sent), b"x" * 20)
        self.assertLessEqual(max(map(len, sent)), 16)


class WithoutToolstack(unittest.TestCase):
    """An image as a dom0less domain."""

    def setUp(self):
        self.now = self.worked = 0.0
        self.console = Dom0less(lambda: self.now)
        self.console.work = lambda: self.worked
        self.console.feed(_BOOT)

    def test_its_lines(self):
        data = (_BOOT + b"(XEN) DOM1: Hello\r\n(XEN) d1v0 something\r\n(d1) debug\r\n"
                b"(XEN) DOM1: \r\n(XEN) DOM1: (XEN) told\r\n")
        for size in range(1, 40):
            self.assertEqual(written(Dom0less(), data, size), b"Hello\n\n(XEN) told\n")

    def test_a_long_line_in_pieces(self):
        text = b"x" * 300
        pieces = b"".join(b"(XEN) DOM1: %s\r\n" % text[at:at + 126] for at in (0, 126, 252))
        self.assertEqual(self.console.feed(pieces), text + b"\n")
        # One that fits exactly: its end comes by itself.
        whole = b"(XEN) DOM1: %s\r\n(XEN) DOM1: \r\n" % text[:126]
        self.assertEqual(self.console.feed(whole), text[:126] + b"\n")

    def test_a_line_in_the_middle_of_one_of_xens(self):
        self.assertEqual(self.console.feed(b"(XEN)     VCPU0: CPU0 (XEN) DOM1: text\r\npoll=0\r\n"),
                         b"text\n")

    def pause(self, work=0.0):
        """Half of the silence after which Xen is asked, `work` of it spent on computing;
        what is sent at its end."""
        self.assertGreater(self.console.due(), self.now)
        self.now = self.console.due()
        self.worked += work
        self.assertLessEqual(self.console.due(), self.now)
        return self.console.send()

    def ask(self, answer, at_once=False):
        """Xen is asked, after some silence or at once; it gives that answer."""
        self.assertEqual(b"" if at_once else self.pause(), b"")
        self.assertEqual(self.console.send() if at_once else self.pause(), b"q")
        self.assertEqual(self.console.feed(answer), b"")

    def test_xen_is_not_asked_of_a_domain_that_computes(self):
        for work in (0.5, 0.1, 2.0):
            self.assertEqual(self.pause(), b"")
            self.assertEqual(self.pause(work), b"")
            self.assertGreater(self.console.due(), self.now + 0.4)
        self.ask(_ANSWER % (_CPU % (0, 1)))
        self.assertTrue(self.console.ended)

    def test_xen_is_asked_less_and_less(self):
        times = []
        for _ in range(8):
            self.ask(_ANSWER % (_CPU % (0, 0)))
            times.append(self.now)
        waits = [after - before for before, after in zip([0.0, *times], times)]
        self.assertEqual(waits, [1, 2, 4, 8, 16, 32, 32, 32])
        self.console.feed(b"(XEN) DOM1: more\r\n")
        self.ask(_ANSWER % (_CPU % (0, 0)))
        self.assertEqual(self.now, times[-1] + 1)

    def test_output_begins_the_silence_anew(self):
        self.assertEqual(self.pause(), b"")
        self.console.feed(b"(XEN) DOM1: more\r\n")
        self.ask(_ANSWER % (_CPU % (0, 0)))

    def test_a_running_domain_has_not_ended(self):
        self.ask(_ANSWER % (_CPU % (0, 0)))
        self.assertFalse(self.console.ended)
        self.assertGreater(self.console.due(), self.now, "asked again at once")
        self.ask(_ANSWER % (_CPU % (0, 1) + _CPU % (1, 0)))
        self.assertFalse(self.console.ended)

    def test_a_stopped_one_has(self):
        self.ask(_ANSWER % (_CPU % (0, 1) + _CPU % (1, 1)))
        self.assertTrue(self.console.ended)

    def test_an_answer_in_pieces(self):
        answer = _ANSWER % (_CPU % (0, 1))
        self.ask(answer[:90])
        self.assertFalse(self.console.ended)
        self.console.feed(answer[90:])
        self.assertTrue(self.console.ended)

    def test_an_answer_of_the_image_is_none(self):
        told = b"".join(b"(XEN) DOM1: %s\r\n" % line
                        for line in (_ANSWER % (_CPU % (0, 1))).split(b"\r\n"))
        self.pause()
        self.pause()
        self.assertIn(b"pause_count=1", self.console.feed(told))
        self.assertFalse(self.console.ended)

    def test_a_record_is_asked_about_soon(self):
        self.console.feed(b"(XEN) DOM1: atoll: exit 0 0011\r\n")
        self.now += 0.03
        self.assertLessEqual(self.console.due(), self.now)
        self.ask(_ANSWER % (_CPU % (0, 0)), at_once=True)
        self.console.feed(b"(XEN) DOM1: more\r\n")
        self.assertGreater(self.console.due(), self.now + 0.4, "that was no last line")

    def test_an_answer_that_does_not_come(self):
        self.pause()
        self.pause()
        self.assertGreater(self.console.due(), self.now)
        self.now += 1
        self.assertEqual(self.console.send(), b"q")

    def test_input_moves_xens_input_to_the_image(self):
        self.console.type(b"hello, longer than one portion")
        self.assertEqual(self.console.send(), b"\x01\x01\x01")
        self.console.feed(_SWITCHED % b"DOM0")    # Xen 4.17 has it, though there is none
        self.assertEqual(self.console.send(), b"\x01\x01\x01")
        self.console.feed(_SWITCHED % b"DOM1")
        self.assertEqual(self.console.send() + self.console.send(),
                         b"hello, longer than one portion")
        self.assertEqual(self.console.feed(b"(XEN) echo"), b"echo")
        self.assertEqual(self.console.feed(b"ed\r\n"), b"ed\n")
        notice = _SWITCHED % b"DOM1"
        self.assertEqual(written(self.console, notice + b"(XEN) more\r\n", 3), b"more\n")
        self.pause()
        self.assertEqual(self.pause(), b"\x01\x01\x01", "Xen hears what has its input")


if __name__ == "__main__":
    unittest.main()
