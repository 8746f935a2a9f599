// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What a call of a pure or deleted virtual function ends in (Itanium C++ ABI, §3.2.6). GCC's
// tables name these weakly, which takes nothing out of an archive: the calls would go to
// address 0. This asks for them; an image that has no such table drops both again.

extern "C" void __cxa_pure_virtual();
extern "C" void __cxa_deleted_virtual();

namespace {

using Function = void (*)();
[[gnu::used]] const Function wanted[] = {__cxa_pure_virtual, __cxa_deleted_virtual};

}  // namespace
