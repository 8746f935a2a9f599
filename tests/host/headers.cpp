// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// Nothing of its own: the precompiled headers of the host tests belong to it.
