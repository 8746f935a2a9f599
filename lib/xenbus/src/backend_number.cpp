// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/parse.hpp>
#include <atoll/xenbus.hpp>

namespace atl::xenbus {

BackendNumber::Watch::Watch(std::string_view path, BackendNumber& number)
    : xenstore::Watch(path, [](xenstore::Watch& watch,
                               std::string_view) { static_cast<Watch&>(watch).owner.look(); }),
      owner(number) {}

Result<void> BackendNumber::follow(const Device& device, std::string_view key, Changed changed,
                                   void* context) {
  path_ = TRY(Path::make(device.backend(), key));
  changed_ = changed;
  context_ = context;
  request_.operation = xenstore::Operation::kRead;
  request_.path = path_.view();
  request_.reply = text_;
  request_.done = [](xenstore::Request& request) {
    static_cast<BackendNumber*>(request.context)->note();
  };
  request_.context = this;
  xenstore::set(watch_.emplace(path_.view(), *this));
  return {};
}

void BackendNumber::look() {
  // What is under way may have looked before the change.
  again_ = looking_;
  if (looking_) return;
  looking_ = true;
  xenstore::submit(request_);
}

void BackendNumber::note() {
  looking_ = false;
  const auto size = request_.result();
  std::uint64_t value = kNone;
  if (size.ok() && size.value() <= text_.size()) {
    const auto number = parse_number({text_.data(), size.value()}, kNone - 1);
    if (number.ok()) value = number.value();
  }
  value_ = value;
  changed_(context_);
  if (again_) look();
}

}  // namespace atl::xenbus
