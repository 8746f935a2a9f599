# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What must not be possible ends in a panic that says what happened."""

import unittest

from atoll import elf
from atoll.symbolize import Symbols, backtraces

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run

_ENDS = HERE / "apps" / "ends"
_LIBC_ENDS = HERE / "apps" / "libc_ends"


class Protection(ImageTest):
    """Each misdeed of the app `ends` panics: with its message, and with a backtrace that
    leads through the function that did it."""

    def panics(self, misdeed, text, culprit, app=_ENDS):
        """Asserts that `misdeed` panics with a message that has `text`, in `culprit`."""
        cell = compose(app)
        outcome = run(cell, words=f"-- {misdeed}", timeout=20)
        self.assert_panic(outcome, text)
        said = outcome.console.decode(errors="replace")
        frames = "\n".join(backtraces(said, lambda build: Symbols(cell.symbols)))
        self.assertRegex(frames, rf"\b{culprit}\b.* at tests/images/apps/", said)
        if misdeed != "smash-stack":    # whose frames are overwritten
            self.assertRegex(frames, r"\bmain at tests/images/apps/\w+/main\.c", said)
        if "exception: " in said:
            self.assertRegex(said, r"\b(rip|pc) +[0-9a-f]{16}\b")

    def test_write_to_code(self):
        self.panics("write-code", "page fault: write to 0x", "write_code")

    def test_write_to_a_constant(self):
        self.panics("write-constant", "(code and constants are read-only)", "write_constant")

    def test_write_through_the_alias_of_code(self):
        self.panics("write-code-alias", "page fault: write to 0x", "write_code_alias")

    def test_run_data(self):
        self.panics("run-data", "(data is not executable)", "run_data")

    def test_run_heap(self):
        self.panics("run-heap", "page fault: execute at 0x", "run_heap")

    def test_run_stack(self):
        self.panics("run-stack", "page fault: execute at 0x", "run_stack")

    def test_read_null(self):
        self.panics("read-null", "page fault: read of 0x0 (null pointer)", "read_null")

    def test_write_null(self):
        self.panics("write-null", "page fault: write to 0x0 (null pointer)", "write_null")

    def test_call_null(self):
        self.panics("call-null", "page fault: execute at 0x0 (null pointer)", "call_null")

    def test_no_identity_map(self):
        self.panics("read-low-memory", "page fault: read of 0x", "read_low_memory")

    def test_stack_overflow(self):
        self.panics("overflow-stack", "stack overflow: guard page touched", "recurse")

    def test_stack_overflow_in_strides(self):
        """A frame of more than a page touches each of its pages."""
        self.panics("jump-over-guard", "stack overflow: guard page touched", "recurse_in_strides")

    def test_stack_smashing(self):
        self.panics("smash-stack", "stack smashing", "smash_stack")

    def test_exception_stack_overflow(self):
        """A handler of exceptions that recurses without end."""
        self.panics("overflow-exceptions", "stack overflow: guard page touched", "recurse")

    def test_an_assertion_in_an_interrupt_handler(self):
        """The backtrace goes on into what was interrupted."""
        self.panics("assert-in-interrupt", "data_byte == 0", "failed_assertion")
        self.panics("assert-in-interrupt", " interrupted", "assert_in_an_interrupt")

    @unittest.skipIf(ARCH == "arm64", "no instruction raises an interrupt there")
    def test_an_interrupt_while_interrupts_are_masked(self):
        self.panics("interrupt-while-masked", "an interrupt came while interrupts were masked",
                    "interrupt_while_masked")

    def test_exceptions_inside_exceptions(self):
        """On arm64 they share one stack without slots, and the last one touches its end."""
        self.panics("fault-for-ever", {
            "x86_64": "no room for an exception on its stack",
            "arm64": "stack overflow: guard page touched"}[ARCH], "undefined_too")

    def test_a_fault_in_a_handler_with_a_large_frame(self):
        self.panics("fault-in-large-handler", {
            "x86_64": "no room for an exception on its stack",
            "arm64": "(code and constants are read-only)"}[ARCH], "need_much_and_fault")

    def test_undefined_instruction(self):
        self.panics("undefined-instruction", "undefined instruction", "undefined_instruction")

    @unittest.skipIf(ARCH == "arm64", "a division by zero gives 0 (Arm ARM C6.2, SDIV)")
    def test_division_by_zero(self):
        self.panics("divide-by-zero", "division by zero", "divide_by_zero")

    def test_assertion(self):
        self.panics("assert", "data_byte == 0", "failed_assertion")

    def test_out_of_memory(self):
        self.panics("new", "out of memory", "take_for_ever", _LIBC_ENDS)

    def test_a_page_fault_in_an_interrupt_handler_is_survived(self):
        self.assert_exit(run(compose(_ENDS), words="-- fault-in-interrupt"))

    def test_ten_boots_have_ten_bases(self):
        bases = set()
        for _ in range(10):
            said = run(compose(_ENDS), words="-- panic").console.decode()
            bases |= {word for line in said.splitlines() if "image base" in line
                      for word in line.split() if word.startswith("0x")}
        self.assertEqual(len(bases), 10, bases)


_OPTION = "BUILD_CONTROL_FLOW=y"
_PADS = {"x86_64": {0xfa1e0ff3},                                      # endbr64
         "arm64": {0xd503245f, 0xd503249f, 0xd50324df, 0xd503233f}}   # bti c, j, jc; paciasp


_HIDDEN = "the CPU that Xen is given here has neither landing pads nor signed pointers"


class ControlFlow(ImageTest):
    """BUILD_CONTROL_FLOW. The emulated CPU has arm64's features, not x86_64's: there it is
    the places that pointers lead to that are looked at."""

    @unittest.skipIf(PLAT == "xen", _HIDDEN)
    @unittest.skipIf(ARCH == "x86_64", "QEMU emulates no CET")
    def test_a_jump_into_a_function(self):
        self.panics("jump-into-function", "control flow: a jump to where no function begins")

    @unittest.skipIf(PLAT == "xen", _HIDDEN)
    @unittest.skipIf(ARCH == "x86_64", "a shadow stack is another feature")
    def test_a_forged_return_address(self):
        self.panics("forge-return", "a forged ")

    def panics(self, misdeed, text):
        """Asserts that the image panics with that text, and runs on without the option."""
        self.assert_panic(run(compose(_ENDS, _OPTION), words=f"-- {misdeed}", timeout=20), text)
        without = run(compose(_ENDS), words=f"-- {misdeed}", timeout=20)
        self.assertNotIn(text, without.console.decode(errors="replace"))

    def test_backtraces_go_on(self):
        cell = compose(_ENDS, _OPTION)
        said = run(cell, words="-- assert-in-interrupt").console.decode(errors="replace")
        frames = "\n".join(backtraces(said, lambda build: Symbols(cell.symbols)))
        self.assertRegex(frames, r"\bassert_in_an_interrupt\b")
        self.assertRegex(frames, r"\bmain at tests/images/apps/ends/main\.cpp")

    def test_programs_run(self):
        for app in (_ENDS, _LIBC_ENDS):
            self.assert_exit(run(compose(app, _OPTION), words="-- return 3"), 3)
        self.assert_exit(run(compose(HERE / "apps" / "libc_tests", _OPTION)))

    def test_every_pointer_to_code_leads_to_a_landing_pad(self):
        for app in (_ENDS, HERE / "apps" / "libc_tests"):
            path = compose(app, _OPTION).symbols
            memory, base = elf.memory(path), elf.link_base(path)
            code = elf.loaded(path)[0]
            functions = {symbol.value: symbol.name for symbol in elf.symbols(path)
                         if symbol.is_function}
            pointed = [int.from_bytes(memory[at:at + 8], "little")
                       for at in range(code.memory_size & ~7, len(memory) - 7, 8)]
            # The loader enters; no branch leads there.
            targets = sorted({at for at in pointed if at in functions}
                             - {at for at, name in functions.items() if name.endswith("_entry")})
            self.assertGreater(len(targets), 20)
            for at in targets:
                word = int.from_bytes(memory[at - base:at - base + 4], "little")
                self.assertIn(word, _PADS[ARCH], functions[at])


if __name__ == "__main__":
    unittest.main()
