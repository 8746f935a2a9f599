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

}  // namespace
