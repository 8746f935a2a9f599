// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cwchar>

/// The conversions of ISO C17 §7.28.1 over mbrtowc() and wcrtomb() of a libc whose wide
/// characters are Unicode's, with the state of the conversion always given. Parameters,
/// null ones included, results and errno are those of the functions with the longer names.
///
/// What is no character (a surrogate, a number above 0x10FFFF, in whatever form) is EILSEQ,
/// and leaves the initial state. Any thread; no allocation.
namespace atl::uchar {

/// Results beside a number of bytes.
inline constexpr std::size_t kInvalid = static_cast<std::size_t>(-1);     ///< errno is EILSEQ
inline constexpr std::size_t kIncomplete = static_cast<std::size_t>(-2);  ///< more bytes, please
inline constexpr std::size_t kPending = static_cast<std::size_t>(-3);     ///< of the call before

/// mbrtoc32().
std::size_t to_utf32(char32_t* to, const char* from, std::size_t size, std::mbstate_t& state);
/// mbrtoc16(). A character above 0xFFFF gives its high surrogate, and the low one by the
/// next call, whatever that is told.
std::size_t to_utf16(char16_t* to, const char* from, std::size_t size, std::mbstate_t& state);
/// c32rtomb().
std::size_t from_utf32(char* to, char32_t character, std::mbstate_t& state);
/// c16rtomb(). 0 for a high surrogate; the low one, which must come next, stores the
/// character.
std::size_t from_utf16(char* to, char16_t unit, std::mbstate_t& state);

}  // namespace atl::uchar
