// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// C's <stdlib.h> has a function atoll(), and a namespace cannot share its name
// (ISO C++ [basic.scope.declarative]). Host tests include both worlds: each of
// their files is compiled with `-include atoll/host/prefix.hpp`, which lets the
// host's headers have the name first and gives the namespace another.
#include <cstdlib>
#include <stdlib.h>

#define atoll atoll_under_test
