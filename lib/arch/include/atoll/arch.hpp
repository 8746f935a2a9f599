// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/cpu_local.hpp>
#include <atoll/mapping.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <concepts>
#include <cstdint>
#include <optional>

// The provider: Cpu, Context, TrapFrame, PageTableEntry as inlined types.
#include <atoll/provider/arch.hpp>

/// The instruction set, as everything above it sees it. Every privileged
/// instruction of the image is behind this header.
///
/// `arch::Cpu` is the provider's type with static members only; it is a type
/// so that a concept can say what it owes.
namespace atl::arch {

/// What a provider's Cpu must offer. All of it: any context, never blocks,
/// before the heap.
template <typename C>
concept CpuContract = requires(typename C::InterruptState state, CpuLocal& local, VirtAddr address,
                               PhysAddr root, PageCount pages, Thread* thread) {
  /// Masks interrupts on this CPU; the result goes to restore_interrupts().
  { C::disable_interrupts() } -> std::same_as<typename C::InterruptState>;
  { C::restore_interrupts(state) } -> std::same_as<void>;
  { C::enable_interrupts() } -> std::same_as<void>;
  { C::interrupts_enabled() } -> std::same_as<bool>;
  /// Whether restore_interrupts(state) unmasks them.
  { C::allows_interrupts(state) } -> std::same_as<bool>;
  /// Called with interrupts masked: unmasks and sleeps in one step, so that an
  /// interrupt that came before is not lost; masked again on return.
  { C::wait_for_interrupt() } -> std::same_as<void>;
  /// A hint inside a loop that waits for another CPU, which needs it there: so a CPU
  /// that waits with interrupts masked does what others wait for meanwhile.
  { C::relax() } -> std::same_as<void>;
  /// Masks interrupts and sleeps for ever. Never returns.
  { C::halt() } -> std::same_as<void>;
  { C::cpu_local() } -> std::same_as<CpuLocal&>;
  /// Makes `local` this CPU's; once per CPU, before anything asks for it.
  { C::set_cpu_local(local) } -> std::same_as<void>;
  /// CpuLocal::current_thread of the CPU that runs this, in one step: right also
  /// where a thread may move to another CPU at any moment.
  { C::current_thread() } -> std::same_as<Thread*>;
  /// Interrupts masked; by schedulers.
  { C::set_current_thread(thread) } -> std::same_as<void>;
  /// The program's thread pointer, on which thread-local variables hang: FS base,
  /// TPIDR_EL0. Switched with the context.
  { C::thread_pointer() } -> std::same_as<std::uint64_t>;
  { C::set_thread_pointer(std::uint64_t{}) } -> std::same_as<void>;
  /// The CPU's own free-running counter: TSC, CNTVCT_EL0.
  { C::cycle_counter() } -> std::same_as<std::uint64_t>;
  /// 64 bits of RDSEED, RDRAND or RNDR; nothing when the CPU has none of them
  /// or it gave none in a bounded number of tries.
  { C::hardware_random() } -> std::same_as<std::optional<std::uint64_t>>;
  /// Forgets cached translations of [address, address + pages), on every CPU that
  /// runs by then.
  { C::invalidate_translations(address, pages) } -> std::same_as<void>;
  /// Lets CPUs use entries that were just made where there was none: cheaper than
  /// invalidate_translations(), and not for entries that have changed.
  { C::publish_translations() } -> std::same_as<void>;
  /// The physical address of the page table of the kernel's half.
  { C::kernel_page_table() } -> std::same_as<PhysAddr>;
  { C::set_kernel_page_table(root) } -> std::same_as<void>;
  /// Makes code that was just written visible to instruction fetch.
  { C::synchronize_code(address, pages) } -> std::same_as<void>;
  /// The caller's frame pointer, to start a Backtrace at.
  { C::frame_pointer() } -> std::same_as<std::uintptr_t>;
  /// False where a load from `address` would fault, or reach a device: for those
  /// who follow pointers that may be corrupt.
  { C::readable(address) } -> std::same_as<bool>;
  /// A return address as it lies on a stack, without what the CPU may have signed it
  /// with.
  { C::without_signature(std::uintptr_t{}) } -> std::same_as<std::uintptr_t>;
};

static_assert(CpuContract<Cpu>, "the chosen arch provider does not fulfil atoll/arch.hpp");

/// A thread's registers while it does not run: what a call preserves, on the
/// thread's own stack. `Context` is the provider's type.
///
/// Prepares `context` so that the first switch to it calls `entry(argument)`
/// on the stack that ends at `stack_top` (16-byte aligned), with interrupts
/// as the switcher had them. `entry` must not return.
void prepare_context(Context& context, VirtAddr stack_top, void (*entry)(void*), void* argument);

/// Saves the running thread in `from` and continues `to`; returns when another
/// thread switches back to `from`. Interrupts masked by the caller. Includes
/// the FPU and SIMD registers that a call preserves, and the program's thread
/// pointer (FS base, TPIDR_EL0).
void switch_context(Context& from, Context& to);

/// What an exception was, whatever the CPU calls it.
enum class TrapKind : std::uint8_t {
  kPageFault,
  kUndefinedInstruction,
  kDivideError,
  kAlignment,
  kBreakpoint,
  kProtection,
  kStackOverflow,  ///< a guard page under a stack
  kDoubleFault,    ///< an exception that found no room on the stack of exceptions
  kNonMaskable,
  kControlFlow,  ///< a jump to where no function begins, or a forged return address
  kOther,
};

/// An exception as told to a handler. `frame` is the provider's TrapFrame;
/// pc, sp and frame_pointer are readable on any architecture.
struct Trap {
  TrapKind kind;
  TrapFrame* frame;
  VirtAddr pc;
  VirtAddr sp;
  std::uintptr_t frame_pointer;
  VirtAddr address;  ///< of a page fault: what was accessed
  VirtAddr caller;   ///< of a call to where no code is: the return address, as far as one is there
  VirtAddr link;     ///< the link register, if the CPU has one: the return address of a function
                     ///< that has called nothing yet, else of its last call
  bool write;        ///< of a page fault: it was a store
  bool execute;      ///< of a page fault: it was an instruction fetch
  const char* name;  ///< the architecture's name, "page fault", "data abort"
};

/// Called by the provider's exception entry, on the exception stack with
/// interrupts masked; lib/trap defines it. Returning resumes at frame's pc.
void handle_trap(const Trap& trap);

/// Called by the provider's interrupt entry, on the interrupt stack with
/// interrupts masked; lib/irq defines it. `vector` is the IDT vector on
/// x86_64; on arm64 it is 0 and the root controller tells the source.
void handle_interrupt(std::uint32_t vector, TrapFrame& frame);

/// Writes the registers of `frame` as text through `emit`, one line at a time
/// without its end. For panics: no allocation, no lock.
void describe_registers(const TrapFrame& frame, void (*emit)(const char* line));

/// Makes the return from the exception or interrupt of `frame` enter `entry` on
/// the stack that ends at `stack_top` (16-byte aligned), with interrupts as they
/// were, instead of resuming what was interrupted. `entry` must not return.
void redirect(TrapFrame& frame, VirtAddr stack_top, void (*entry)());

/// Makes the return from the interrupt or exception of `frame`, which interrupted a thread, call
/// `function` first: on that thread's own stack, with interrupts masked. When it
/// returns the thread goes on where it was interrupted, with every register as it
/// was, those of FPU and SIMD too; it may switch to other threads in between. Takes up
/// to 3.5 KiB of the stack.
void call_before_resume(TrapFrame& frame, void (*function)());

/// The bytes of the interrupted program counter inside `frame`.
VirtAddr program_counter(const TrapFrame& frame);

}  // namespace atl::arch
