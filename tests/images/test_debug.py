# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Scripted gdb sessions."""

import re
import shutil
import unittest

from .harness import ARCH, HERE, OUT, PLAT, ImageTest, make

_ENDS = HERE / "apps" / "ends"


@unittest.skipUnless(shutil.which("gdb-multiarch"), "gdb-multiarch is not installed")
class Debug(ImageTest):
    """make debug."""

    def session(self, script, *words, app="helloworld"):
        """What gdb and the console showed."""
        file = self.scratch() / "session.gdb"
        file.write_text(script + "\ndisconnect\n", encoding="utf-8")
        done = make("debug", f"APP={app}", f"PLAT={PLAT}", f"ARCH={ARCH}", f"O={OUT}",
                    f"GDB=-batch -x {file}", *words, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_first_instruction_has_its_name(self):
        said = self.session("info symbol $pc\nframe")
        entry = {"x86_64": "atoll_pvh_entry", "arm64": "atoll_boot_arm64_entry"}[ARCH]
        self.assertIn(f"{entry} in section .text", said)
        self.assertIn("src/entry.S:", said)

    def test_a_monitor_that_is_slow_to_answer(self):
        """Three seconds, as on a busy machine."""
        said = self.session("break main\ncontinue\n"
                            "python\n"
                            "import os, signal, subprocess, threading\n"
                            "pid = subprocess.run(['pgrep', '-P', str(os.getppid()), 'qemu'],\n"
                            "                     stdout=subprocess.PIPE).stdout\n"
                            "os.kill(int(pid), signal.SIGSTOP)\n"
                            "threading.Timer(3, os.kill, (int(pid), signal.SIGCONT)).start()\n"
                            "end\n"
                            "stepi\nbacktrace\nstepi\nbacktrace")
        self.assertEqual(len(re.findall(r"(?m)^#0 .*main \(", said)), 2, said)

    def test_a_breakpoint_in_main(self):
        said = self.session("break main\ncontinue\nbacktrace")
        self.assertRegex(said, r"#0 +main \(argc=1, argv=.*\) at \./apps/helloworld/main\.c:\d+")
        self.assertRegex(said, r"#\d+ +0x[0-9a-f]+ in atl::boot \(\)")

    def test_a_breakpoint_in_an_interrupt_handler(self):
        """The timer's, in the tests of deadlines."""
        said = self.session("break 'atl::(anonymous namespace)::expire_here'\ncontinue\nbacktrace",
                            "LIB_TEST=deadline")
        self.assertRegex(said, r"#\d .*expire_here \(\) at \./")
        self.assertRegex(said, r"#\d+ .* in atl::arch::handle_interrupt \(")
        self.assertRegex(said, r"<signal handler called>[\s\S]* atl::vm_test::run_all \(\)",
                         "the interrupted code is not seen")

    def test_the_tests_of_a_library(self):
        test = "deadline_vm_test::atoll_vm_test_body_Deadline_is_never_early"
        said = self.session(f"break {test}\ncontinue\nbacktrace 1", "LIB_TEST=deadline")
        self.assertRegex(said, rf"#0 +{test} \(\) at \./lib/deadline/vm_tests/deadline_test\.cpp:")
        self.assertNotIn("[ RUN      ] Sched", said)

    def test_the_threads(self):
        """Eight that have not begun, then some that sleep; the image goes on."""
        said = self.session("break atl::sched::join\ncontinue\natoll-threads\ndelete\n"
                            "break atl::sched::sleep_until\nignore 2 4\ncontinue\n"
                            "atoll-threads backtrace\ndelete\nbreak atl::shutdown::exit\ncontinue", "LIB_TEST=deadline")
        first, later = re.split("^Breakpoint [12], ", said, flags=re.MULTILINE)[1:3]
        test = "deadline_vm_test::atoll_vm_test_body_Deadline_threads_sleep_side_by_side"
        self.assertRegex(first, rf"\* +1 main +running +{test}")
        self.assertEqual(len(re.findall(r"^ +\d+ +ready ", first, re.MULTILINE)), 8)
        self.assertEqual(len(re.findall(r"^[ *] +\d+ .*(running|ready|waiting) ", later,
                                        re.MULTILINE)), 9, later)
        self.assertRegex(later, r"#\d+ +atl::sched::sleep_until\(")
        self.assertIn("[  PASSED  ]", later)

    def test_memory(self):
        """Page tables, physical pages and the heap, in words of their own."""
        said = self.session("break main\ncontinue\natoll-pages\natoll-pages $pc\natoll-pages 8\n"
                            "atoll-memory\natoll-heap", app=_ENDS)
        self.assertRegex(said, r"(?m)^0xffffffff\w+\.\.0xffffffff\w+ r-x +\d+ KiB at 0x\w+$")
        self.assertNotRegex(said, r"(?m)^0x\w+\.\.0x\w+ \S*w\S*x ", "writable code")
        self.assertRegex(said, r"(?m)^level 0, entry +\d+ at 0x\w+: 0x\w+ r-x at 0x\w+$")
        self.assertIn(" not mapped", said)
        self.assertRegex(said, r"(?m)^12\d MiB of 12\d MiB free$")
        self.assertRegex(said, r"(?m)^region 0x\w+ \+ \d+ MiB$")
        self.assertRegex(said, r"(?m)^atl::BuddyAllocator at 0x\w+: .* in use, ")
        self.assertRegex(said, r"(?m)^free blocks of [\d,]+ bytes: \d+$")

    def test_memory_before_there_is_any(self):
        said = self.session("python\nfor command in ('atoll-pages', 'atoll-heap', 'atoll-memory'):\n"
                            "  try: gdb.execute(command)\n  except gdb.error as e: print('*', e)\nend",
                            app=_ENDS)
        self.assertIn("* the image's page tables do not stand yet", said)
        self.assertIn("* there is no allocator yet", said)

    def test_values(self):
        """Of a thread, of the queue of those that wait for its end, of an address."""
        said = self.session("break atl::sched::join\ncontinue\nset $first = &thread\ndelete\n"
                            "break atl::sched::sleep_until\nignore 2 4\ncontinue\n"
                            "print *$first\nprint $first->exit_queue_\n"
                            "print 'atl::direct_map_base'\n"
                            "print 'atl::(anonymous namespace)::the_boot_info'.image",
                            "LIB_TEST=deadline")
        self.assertRegex(said, r"\$1 = thread 2, \w+")
        self.assertIn("$2 = waiting: 1 main", said)
        self.assertRegex(said, r"= 0xffff[89ab]\w+\b")
        self.assertRegex(said, r"= 0x\w+ \+ [\d,]+ KiB")

    def test_the_one_thread(self):
        said = self.session("break main\ncontinue\natoll-threads")
        self.assertRegex(said, r"(?m)^\* +1 main +running +main$")

    def test_a_library_that_is_none(self):
        done = make("debug", "LIB_TEST=nothing", f"ARCH={ARCH}", f"O={OUT}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("there is no library nothing", done.stderr)


if __name__ == "__main__":
    unittest.main()
