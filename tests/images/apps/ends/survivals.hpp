// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// A page fault inside an interrupt handler, which the handler of page faults puts
/// right: whether the interrupt's handler and the interrupted code went on, with what
/// the page holds and with their own registers.
bool survive_a_fault_in_an_interrupt();
