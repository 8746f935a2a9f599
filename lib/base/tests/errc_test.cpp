// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/errc.hpp>

#include <cerrno>
#include <set>
#include <string>

namespace {

using atl::Errc;
using atl::to_string;

TEST(ErrcTest, values_are_those_of_linux) {
  EXPECT_EQ(static_cast<int>(Errc::kNotPermitted), EPERM);
  EXPECT_EQ(static_cast<int>(Errc::kNoEntry), ENOENT);
  EXPECT_EQ(static_cast<int>(Errc::kInterrupted), EINTR);
  EXPECT_EQ(static_cast<int>(Errc::kInputOutput), EIO);
  EXPECT_EQ(static_cast<int>(Errc::kNoSuchDeviceOrAddress), ENXIO);
  EXPECT_EQ(static_cast<int>(Errc::kTooBig), E2BIG);
  EXPECT_EQ(static_cast<int>(Errc::kBadDescriptor), EBADF);
  EXPECT_EQ(static_cast<int>(Errc::kTryAgain), EAGAIN);
  EXPECT_EQ(static_cast<int>(Errc::kNoMemory), ENOMEM);
  EXPECT_EQ(static_cast<int>(Errc::kAccessDenied), EACCES);
  EXPECT_EQ(static_cast<int>(Errc::kBadAddress), EFAULT);
  EXPECT_EQ(static_cast<int>(Errc::kBusy), EBUSY);
  EXPECT_EQ(static_cast<int>(Errc::kExists), EEXIST);
  EXPECT_EQ(static_cast<int>(Errc::kNoDevice), ENODEV);
  EXPECT_EQ(static_cast<int>(Errc::kInvalidArgument), EINVAL);
  EXPECT_EQ(static_cast<int>(Errc::kNoSpace), ENOSPC);
  EXPECT_EQ(static_cast<int>(Errc::kOutOfDomain), EDOM);
  EXPECT_EQ(static_cast<int>(Errc::kOutOfRange), ERANGE);
  EXPECT_EQ(static_cast<int>(Errc::kDeadlock), EDEADLK);
  EXPECT_EQ(static_cast<int>(Errc::kNameTooLong), ENAMETOOLONG);
  EXPECT_EQ(static_cast<int>(Errc::kNotImplemented), ENOSYS);
  EXPECT_EQ(static_cast<int>(Errc::kNoData), ENODATA);
  EXPECT_EQ(static_cast<int>(Errc::kProtocol), EPROTO);
  EXPECT_EQ(static_cast<int>(Errc::kBadMessage), EBADMSG);
  EXPECT_EQ(static_cast<int>(Errc::kOverflow), EOVERFLOW);
  EXPECT_EQ(static_cast<int>(Errc::kNotSupported), EOPNOTSUPP);
  EXPECT_EQ(static_cast<int>(Errc::kTimedOut), ETIMEDOUT);
  EXPECT_EQ(static_cast<int>(Errc::kAlready), EALREADY);
  EXPECT_EQ(static_cast<int>(Errc::kCancelled), ECANCELED);
}

TEST(ErrcTest, names) {
  EXPECT_STREQ(to_string(Errc::kNotPermitted), "not permitted");
  EXPECT_STREQ(to_string(Errc::kBadDescriptor), "bad descriptor");
  EXPECT_STREQ(to_string(Errc::kNoMemory), "out of memory");
  EXPECT_STREQ(to_string(Errc::kInvalidArgument), "invalid argument");
  EXPECT_STREQ(to_string(Errc::kNotSupported), "not supported");
  EXPECT_STREQ(to_string(Errc::kTimedOut), "timed out");
  EXPECT_STREQ(to_string(Errc::kCancelled), "cancelled");
}

TEST(ErrcTest, values_outside_the_list_are_unknown) {
  int known = 0;
  std::set<std::string> names;
  for (int value = -300; value < 300; ++value) {
    const std::string name = to_string(static_cast<Errc>(value));
    if (name == "unknown error") continue;
    ++known;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(known, 29);
}

}  // namespace
