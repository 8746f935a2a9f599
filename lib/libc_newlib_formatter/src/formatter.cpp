// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
// What newlib's printf and scanf families stand on, put here on top of format()
// and scan(): every member of both families then is the compact one. The names
// and the use of a FILE for a string are newlib's (libc/stdio/vfprintf.c,
// vfscanf.c, snprintf.c, ssputs_r.c).
#include <atoll/formatter.hpp>

#include <stdio.h>
#include <sys/lock.h>
#include <sys/reent.h>
#include <cerrno>
#include <cstring>

extern "C" int __ssputs_r(struct _reent* reent, FILE* file, const char* text, size_t size);
extern "C" void __sinit(struct _reent* reent);

namespace {

using atl::formatter::Input;
using atl::formatter::Output;

// A stream's lock, held for one call. Streams have theirs from __sinit() on, which
// returns at once where it ran before.
class Locked {
 public:
  explicit Locked(FILE* file) : stream_(file) {
    __sinit(_REENT);
    __lock_acquire_recursive(stream_->_lock);
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { __lock_release_recursive(stream_->_lock); }

 private:
  FILE* stream_;
};

// A stream. What is unbuffered is gathered, so that one call is few writes.
struct StreamOutput : Output {
  explicit StreamOutput(FILE* file) : Output{&put}, stream(file) {}

  static bool put(Output& self, const char* text, size_t size) {
    auto& output = static_cast<StreamOutput&>(self);
    if ((output.stream->_flags & __SNBF) == 0)
      return fwrite_unlocked(text, 1, size, output.stream) == size;
    while (size > 0) {
      if (output.used == sizeof output.gathered && !output.flush()) return false;
      size_t part = sizeof output.gathered - output.used;
      if (part > size) part = size;
      memcpy(output.gathered + output.used, text, part);
      output.used += part;
      text += part;
      size -= part;
    }
    return true;
  }

  bool flush() {
    const size_t size = used;
    used = 0;
    return size == 0 || fwrite_unlocked(gathered, 1, size, stream) == size;
  }

  FILE* stream;
  size_t used = 0;
  char gathered[128];
};

// newlib's string stream: its buffer's end, and whether it may grow, stand in
// the FILE.
struct StringOutput : Output {
  StringOutput(struct _reent* state, FILE* string) : Output{&put}, reent(state), file(string) {}

  static bool put(Output& self, const char* text, size_t size) {
    auto& output = static_cast<StringOutput&>(self);
    return __ssputs_r(output.reent, output.file, text, size) == 0;
  }

  struct _reent* reent;
  FILE* file;
};

struct StreamInput : Input {
  explicit StreamInput(FILE* file) : Input{&take, &give}, stream(file) {}

  static int take(Input& self) { return getc_unlocked(static_cast<StreamInput&>(self).stream); }
  static void give(Input& self, int character) {
    ungetc(character, static_cast<StreamInput&>(self).stream);
  }

  FILE* stream;
};

struct StringInput : Input {
  explicit StringInput(FILE* string) : Input{&take, &give}, file(string) {}

  static int take(Input& self) {
    FILE* const file = static_cast<StringInput&>(self).file;
    if (file->_r <= 0) return -1;
    --file->_r;
    return *file->_p++;
  }
  static void give(Input& self, int) {
    FILE* const file = static_cast<StringInput&>(self).file;
    ++file->_r;
    --file->_p;
  }

  FILE* file;
};

}  // namespace

extern "C" {

int vfprintf(FILE* __restrict stream, const char* __restrict format, va_list arguments) {
  const Locked locked(stream);
  StreamOutput output(stream);
  const int count = atl::formatter::format(output, format, arguments);
  return output.flush() ? count : -1;
}

int _vfprintf_r(struct _reent*, FILE* stream, const char* format, va_list arguments) {
  return vfprintf(stream, format, arguments);
}

int _svfprintf_r(struct _reent* reent, FILE* file, const char* format, va_list arguments) {
  // A string that may grow starts without a buffer; asprintf() of an empty
  // result still stores its final 0.
  if ((file->_flags & __SMBF) != 0 && file->_bf._base == nullptr &&
      __ssputs_r(reent, file, "", 0) != 0)
    return -1;
  StringOutput output(reent, file);
  return atl::formatter::format(output, format, arguments);
}

// newlib's own variants for calls without floating-point conversions.
int vfiprintf(FILE* stream, const char* format, va_list arguments) {
  return vfprintf(stream, format, arguments);
}

int _vfiprintf_r(struct _reent*, FILE* stream, const char* format, va_list arguments) {
  return vfprintf(stream, format, arguments);
}

int _svfiprintf_r(struct _reent* reent, FILE* file, const char* format, va_list arguments) {
  return _svfprintf_r(reent, file, format, arguments);
}

int vfscanf(FILE* __restrict stream, const char* __restrict format, va_list arguments) {
  const Locked locked(stream);
  StreamInput input(stream);
  return atl::formatter::scan(input, format, arguments);
}

int _vfscanf_r(struct _reent*, FILE* stream, const char* format, va_list arguments) {
  return vfscanf(stream, format, arguments);
}

int __svfscanf(FILE* stream, const char* format, va_list arguments) {
  return vfscanf(stream, format, arguments);
}

int __svfscanf_r(struct _reent*, FILE* stream, const char* format, va_list arguments) {
  return vfscanf(stream, format, arguments);
}

int __ssvfscanf_r(struct _reent*, FILE* file, const char* format, va_list arguments) {
  StringInput input(file);
  return atl::formatter::scan(input, format, arguments);
}

}  // extern "C"
