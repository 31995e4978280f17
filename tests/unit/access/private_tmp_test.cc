// SPDX-License-Identifier: Apache-2.0
#include "lib/access/private_tmp.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace plivo_dial {
namespace {

class PrivateTmp : public testing::Test {
 protected:
  PrivateTmp() {
    EXPECT_NE(mkdtemp(root_.data()), nullptr);
    std::filesystem::create_directories(root_ + "/run/systemd/system");
  }
  ~PrivateTmp() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root_ + "/" + name).parent_path());
    std::ofstream(root_ + "/" + name) << text;
  }

  std::string root_ = testing::TempDir() + "/units-XXXXXX";
};

TEST_F(PrivateTmp, IsReadFromTheUnit) {
  EXPECT_EQ(unit_with_private_tmp(root_), "");
  write("usr/lib/systemd/system/apache2.service", "[Service]\nPrivateTmp=true\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "apache2.service");
  std::filesystem::remove(root_ + "/usr/lib/systemd/system/apache2.service");
  write("lib/systemd/system/httpd.service", "[Service]\n  PrivateTmp = disconnected \n");
  EXPECT_EQ(unit_with_private_tmp(root_), "httpd.service");
}

TEST_F(PrivateTmp, IsNothingWithoutSystemd) {
  write("usr/lib/systemd/system/apache2.service", "[Service]\nPrivateTmp=true\n");
  std::filesystem::remove_all(root_ + "/run");
  EXPECT_EQ(unit_with_private_tmp(root_), "");
}

TEST_F(PrivateTmp, DropInsAndTheAdministratorsUnitDecide) {
  write("usr/lib/systemd/system/apache2.service", "[Service]\nPrivateTmp=true\n");
  write("etc/systemd/system/apache2.service.d/override.conf", "[Service]\nPrivateTmp=no\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "");
  write("run/systemd/system/apache2.service.d/zz.conf",
        "[Service]\n#PrivateTmp=no\nPrivateTmp=1\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "apache2.service");
  std::filesystem::remove_all(root_ + "/run/systemd/system/apache2.service.d");
  std::filesystem::remove_all(root_ + "/etc");
  write("etc/systemd/system/apache2.service", "[Service]\nExecStart=/x\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "") << "it hides the distribution's";
}

TEST_F(PrivateTmp, IsWhatTheLastSuchLineSays) {
  write("usr/lib/systemd/system/apache2.service",
        "[Service]\nPrivateTmp=no\nPrivateTmp=yes\nExecStart=/x\nPrivateTmp\nno\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "apache2.service");
}

// systemd.unit(5): of drop-ins with one name that of the administrator hides the others.
TEST_F(PrivateTmp, DropInsOfOneNameHideEachOther) {
  write("usr/lib/systemd/system/apache2.service", "[Service]\n");
  write("usr/lib/systemd/system/apache2.service.d/tmp.conf", "[Service]\nPrivateTmp=yes\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "apache2.service");
  write("etc/systemd/system/apache2.service.d/tmp.conf", "[Service]\nPrivateTmp=no\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "");
  write("run/systemd/system/apache2.service.d/tmp.conf", "[Service]\nPrivateTmp=yes\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "") << "/etc comes before /run";
  write("lib/systemd/system/apache2.service.d/a.conf", "[Service]\nPrivateTmp=yes\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "") << "a comes before tmp";
  write("lib/systemd/system/apache2.service.d/z.conf", "[Service]\nPrivateTmp=yes\n");
  EXPECT_EQ(unit_with_private_tmp(root_), "apache2.service");
}

TEST_F(PrivateTmp, IsSeenWhereTmpIsMounted) {
  const std::string of_service =
      "36 35 98:0 /tmp/systemd-private-1f-apache2.service-x/tmp /tmp rw - ext4 /dev/vda rw\n";
  const std::string root = "35 1 98:0 / / rw - ext4 /dev/vda rw\n";
  const std::string plain = "37 35 0:32 /tmp /tmp rw - tmpfs tmpfs rw\n";
  const std::string of_var =
      "38 35 98:0 /var/tmp/systemd-private-1f-apache2.service-x/tmp /var/tmp rw - ext4 x rw\n";
  const auto seen = [&](const std::string& lines) {
    write("mountinfo", lines);
    return has_private_tmp(root_ + "/mountinfo");
  };
  EXPECT_TRUE(seen(root + of_service));
  EXPECT_TRUE(seen(of_service + plain));
  EXPECT_FALSE(seen(root + plain + of_var));
  EXPECT_FALSE(seen(plain));
  EXPECT_FALSE(seen(""));
  EXPECT_FALSE(has_private_tmp(root_ + "/none"));
}

TEST(LiesInTmp, KnowsTheTwoDirectories) {
  for (const char* path : {"/tmp/x", "/var/tmp/a/b", "/tmp", "/var/tmp"})
    EXPECT_TRUE(lies_in_tmp(path)) << path;
  for (const char* path : {"/tmpfile", "/srv/tmp/x", "/var/tmpx/y"}) {
    EXPECT_FALSE(lies_in_tmp(path)) << path;
  }
}

}  // namespace
}  // namespace plivo_dial
