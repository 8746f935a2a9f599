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

extern "C" int __swbuf_r(struct _reent* reent, int character, FILE* file);
extern "C" int __swsetup_r(struct _reent* reent, FILE* file);
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

// Bytes to an unbuffered stream, in as few writes as it takes them.
bool write_through(FILE* file, const char* text, size_t size) {
  if (((file->_flags & __SWR) == 0 || file->_bf._base == nullptr) && __swsetup_r(_REENT, file) != 0)
    return false;
  while (size > 0) {
    const auto written = file->_write(_REENT, file->_cookie, text, size);
    if (written <= 0) {
      file->_flags |= __SERR;
      return false;
    }
    text += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

// A buffered stream: newlib's putc(), in pieces. Where the buffer is full, a line of
// a line-buffered stream ends, or nothing was written yet, __swbuf_r() takes one
// character and does the rest.
struct BufferedOutput : Output {
  explicit BufferedOutput(FILE* file) : Output{&put}, stream(file) {}

  // What of `text` only needs copying. A line-buffered stream counts its room from
  // 0 down to _lbfsize.
  [[nodiscard]] size_t fitting(const char* text, size_t size) const {
    const int room = stream->_w - stream->_lbfsize;
    if (room <= 0) return 0;
    if (size > static_cast<size_t>(room)) size = static_cast<size_t>(room);
    if (stream->_lbfsize == 0) return size;
    size_t line = 0;
    while (line < size && text[line] != '\n') ++line;
    return line;
  }

  static bool put(Output& self, const char* text, size_t size) {
    const auto& output = static_cast<BufferedOutput&>(self);
    FILE* const file = output.stream;
    while (size > 0) {
      size_t part = output.fitting(text, size);
      if (part > 0) {
        memcpy(file->_p, text, part);
        file->_p += part;
        file->_w -= static_cast<int>(part);
      } else {
        if (__swbuf_r(_REENT, static_cast<unsigned char>(*text), file) == EOF) return false;
        part = 1;
      }
      text += part;
      size -= part;
    }
    return true;
  }

  FILE* stream;
};

// An unbuffered stream: gathered, so that one call is few writes.
struct GatheredOutput : Output {
  explicit GatheredOutput(FILE* file) : Output{&put}, stream(file) {}

  static bool put(Output& self, const char* text, size_t size) {
    auto& output = static_cast<GatheredOutput&>(self);
    for (; size > 0; --size) {
      if (output.used == sizeof output.gathered && !output.flush()) return false;
      output.gathered[output.used++] = *text++;
    }
    return true;
  }

  bool flush() {
    const size_t size = used;
    used = 0;
    return size == 0 || write_through(stream, gathered, size);
  }

  FILE* stream;
  size_t used = 0;
  char gathered[128];
};

// What `write(output)` returns for the locked stream's kind of output, -1 where
// that fails at its end.
template <typename Write>
int with_output(FILE* stream, Write write) {
  const Locked locked(stream);
  if ((stream->_flags & __SNBF) == 0) {
    BufferedOutput output(stream);
    return write(output);
  }
  GatheredOutput output(stream);
  const int result = write(output);
  return output.flush() ? result : -1;
}

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
  return with_output(
      stream, [&](Output& output) { return atl::formatter::format(output, format, arguments); });
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

// What compilers make of a printf() of a line; newlib's brings a second way to write
// to a stream, of 1 KiB, into an image that has this one.
int puts(const char* text) {
  return with_output(stdout, [text](Output& output) {
    return output.write(output, text, strlen(text)) && output.write(output, "\n", 1) ? '\n' : EOF;
  });
}

int _puts_r(struct _reent*, const char* text) { return puts(text); }

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
