// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/context.hpp>
#include <atoll/arch/cpu.hpp>
#include <atoll/arch/page_table_entry.hpp>
#include <atoll/arch/trap_frame.hpp>
