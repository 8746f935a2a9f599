// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/xenbus.hpp>

#include "fake_xenstore.hpp"

namespace {

using namespace atl;
using xenbus::Device;
using xenbus::State;

class DeviceTest : public testing::Test {
 protected:
  DeviceTest() {
    fake::wait = nullptr;
    fake::written = nullptr;
    fake::nodes = {{"device/vif/0/backend-id", "3"},
                   {"device/vif/0/backend", "/local/domain/3/backend/vif/7/0"},
                   {"/local/domain/3/backend/vif/7/0/state", "2"}};
  }
  ~DeviceTest() override { EXPECT_EQ(fake::watches, 0); }
};

TEST_F(DeviceTest, it_is_found_with_its_backend) {
  const auto device = Device::find("device/vif/0");
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(device.value().backend_domain(), 3);
  EXPECT_EQ(device.value().backend(), "/local/domain/3/backend/vif/7/0");
  EXPECT_EQ(device.value().backend_state().value(), State::kInitWait);
}

TEST_F(DeviceTest, what_the_toolstack_says_must_make_sense) {
  for (const char* number : {"", "x", "-1", "32752", "99999999999999999999"}) {
    fake::nodes["device/vif/0/backend-id"] = number;
    EXPECT_EQ(Device::find("device/vif/0").error(), Errc::kProtocol) << number;
  }
  fake::nodes["device/vif/0/backend-id"] = "0";
  fake::nodes["device/vif/0/backend"] = "";
  EXPECT_EQ(Device::find("device/vif/0").error(), Errc::kProtocol);
  fake::nodes["device/vif/0/backend"] = std::string(200, 'x');
  EXPECT_FALSE(Device::find("device/vif/0").ok());
  fake::nodes.erase("device/vif/0/backend");
  EXPECT_EQ(Device::find("device/vif/0").error(), Errc::kNoEntry);
  EXPECT_EQ(Device::find("device/vif/1").error(), Errc::kNoEntry);
  EXPECT_EQ(Device::find(std::string(200, 'x')).error(), Errc::kNameTooLong);
}

TEST_F(DeviceTest, it_says_its_state_and_keys) {
  const auto device = Device::find("device/vif/0");
  ASSERT_TRUE(device.value().set_state(State::kConnected).ok());
  ASSERT_TRUE(device.value().write_number("ring-ref", 18446744073709551615u).ok());
  EXPECT_EQ(fake::nodes["device/vif/0/state"], "4");
  EXPECT_EQ(fake::nodes["device/vif/0/ring-ref"], "18446744073709551615");
}

TEST_F(DeviceTest, a_backend_has_known_states_only) {
  const auto device = Device::find("device/vif/0");
  std::string& state = fake::nodes["/local/domain/3/backend/vif/7/0/state"];
  for (const char* nonsense : {"9", "99", "", "four", "4 ", "-4", "4294967300"}) {
    state = nonsense;
    EXPECT_EQ(device.value().backend_state().error(), Errc::kProtocol) << nonsense;
  }
  fake::nodes.erase("/local/domain/3/backend/vif/7/0/state");
  EXPECT_EQ(device.value().backend_state().value(), State::kUnknown);
}

TEST_F(DeviceTest, waiting_ends_with_the_state_a_closing_or_the_deadline) {
  const auto device = Device::find("device/vif/0");
  const auto wait = [&] {
    return device.value().wait_for_backend(State::kConnected, Deadline::never());
  };
  std::string& state = fake::nodes["/local/domain/3/backend/vif/7/0/state"];
  EXPECT_EQ(wait().error(), Errc::kTimedOut);
  state = "4";
  EXPECT_TRUE(wait().ok());
  state = "5";
  EXPECT_EQ(wait().error(), Errc::kNoDevice);
  state = "6";
  EXPECT_EQ(wait().error(), Errc::kNoDevice);
  state = "77";
  EXPECT_EQ(wait().error(), Errc::kProtocol);
}

// A backend that goes where the frontend leads it, as Linux's do.
void follow(const std::string& path) {
  if (path != "device/vif/0/state") return;
  const std::string own = fake::nodes[path];
  std::string& state = fake::nodes["/local/domain/3/backend/vif/7/0/state"];
  if (own == "1" && state != "4") state = "2";
  if (own == "5" || own == "6") state = own;
}

TEST_F(DeviceTest, a_connection_is_closed_by_both_halves) {
  const auto device = Device::find("device/vif/0");
  std::string& state = fake::nodes["/local/domain/3/backend/vif/7/0/state"];
  const auto close = [&] { return device.value().close(Deadline::never()); };
  state = "4";
  EXPECT_EQ(close().error(), Errc::kTimedOut) << "it does not answer";
  fake::written = follow;
  EXPECT_TRUE(close().ok());
  EXPECT_EQ(fake::nodes["device/vif/0/state"], "6");
  EXPECT_EQ(state, "6");
  fake::nodes.erase("/local/domain/3/backend/vif/7/0/state");
  fake::written = nullptr;
  EXPECT_TRUE(close().ok()) << "it is gone";
}

TEST_F(DeviceTest, what_was_closed_or_left_connected_begins_anew) {
  const auto device = Device::find("device/vif/0");
  std::string& state = fake::nodes["/local/domain/3/backend/vif/7/0/state"];
  const auto reopen = [&] { return device.value().reopen(Deadline::never()); };
  for (const char* before : {"2", "4", "6"}) {
    fake::written = follow;
    state = before;
    EXPECT_TRUE(reopen().ok()) << before;
    EXPECT_EQ(state, "2");
    EXPECT_EQ(fake::nodes["device/vif/0/state"], "1");
  }
  fake::written = nullptr;
  state = "6";
  EXPECT_EQ(reopen().error(), Errc::kTimedOut);
  state = "9";
  EXPECT_EQ(reopen().error(), Errc::kProtocol);
  fake::nodes.erase("/local/domain/3/backend/vif/7/0/state");
  EXPECT_EQ(reopen().error(), Errc::kNoDevice);
}

TEST_F(DeviceTest, a_key_is_removed_with_what_is_below_it) {
  const auto device = Device::find("device/vif/0");
  fake::nodes["device/vif/0/queue-1/tx-ring-ref"] = "8";
  EXPECT_TRUE(device.value().remove("queue-1").ok());
  EXPECT_FALSE(fake::nodes.contains("device/vif/0/queue-1/tx-ring-ref"));
  EXPECT_TRUE(device.value().remove("queue-1").ok()) << "there is none";
}

TEST_F(DeviceTest, a_number_of_the_backends_is_followed) {
  const auto device = Device::find("device/vif/0");
  static xenbus::BackendNumber number;  // lives as long as the image
  static int changes;
  const std::string carrier = "/local/domain/3/backend/vif/7/0/carrier";
  ASSERT_TRUE(number
                  .follow(
                      device.value(), "carrier", [](void*) { ++changes; }, nullptr)
                  .ok());
  EXPECT_EQ(number.get(), xenbus::BackendNumber::kNone);
  fake::set(carrier, "1");
  EXPECT_EQ(number.get(), 1u);
  EXPECT_EQ(changes, 2);
  for (const char* nonsense : {"", "up", "-1", "99999999999999999999", "18446744073709551615",
                               "111111111111111111111111111111"}) {
    fake::set(carrier, "1");
    fake::set(carrier, nonsense);
    EXPECT_EQ(number.get(), xenbus::BackendNumber::kNone) << nonsense;
  }
  fake::set(carrier, "0");
  EXPECT_EQ(number.get(), 0u);
  fake::remove(carrier);
  EXPECT_EQ(number.get(), xenbus::BackendNumber::kNone);
  fake::forget_watches();
}

}  // namespace
