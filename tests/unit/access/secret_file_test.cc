// SPDX-License-Identifier: Apache-2.0
#include "lib/access/secret_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr uid_t kStranger = 54321;
constexpr std::string_view kToken = "MzQ1Nj_token.of/40+characters=";

// "secret: " and the secret, or the error.
std::string outcome(const std::string& path, uid_t starter) {
  const Result<Secret> secret = read_secret_file(path, starter);
  if (!secret) return secret.error().message;
  return "secret: " + std::string(secret->view());
}

// What `action` returns in a process that `change` has changed before.
std::string in_child(const std::function<bool()>& change,
                     const std::function<std::string()>& action) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    const std::string text = change() ? action() : "the process could not be changed";
    _exit(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  std::array<char, 1024> part;
  for (ssize_t got = 0; (got = read(ends[0], part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0 ? text : "the child failed";
}

std::string outcome_as(uid_t user, const std::string& path, uid_t starter) {
  const auto become = [user] {
    return setgroups(0, nullptr) == 0 && setresgid(user, user, user) == 0 &&
           setresuid(user, user, user) == 0;
  };
  return in_child(become, [&] { return outcome(path, starter); });
}

// As root in a container that took its capabilities away.
std::string outcome_without_capabilities(const std::string& path, uid_t starter) {
  const auto drop = [] {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    return syscall(SYS_capset, &header, none) == 0;
  };
  return in_child(drop, [&] { return outcome(path, starter); });
}

class SecretFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-secret-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    ASSERT_EQ(chmod(root_.c_str(), 0755), 0);
    directory_ = root_ + "/directory";
    std::filesystem::create_directory(directory_);
    file_ = directory_ + "/main.token";
    write_file(std::string(kToken) + "\n");
  }
  void TearDown() override {
    chmod(directory_.c_str(), 0755);
    std::filesystem::remove_all(root_);
  }

  void write_file(std::string_view content) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << content;
    ASSERT_EQ(chmod(file_.c_str(), 0600), 0);
  }
  std::string outcome_of(std::string_view content) {
    write_file(content);
    return outcome(file_, self_);
  }
  void give_file_to(uid_t owner, mode_t mode) {
    ASSERT_EQ(chown(file_.c_str(), owner, owner), 0);
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
  }

  const uid_t self_ = geteuid();
  const std::string read_ = "secret: " + std::string(kToken);
  std::string root_, directory_, file_;
};

TEST_F(SecretFileTest, ReadsTheLineWithoutWhatIsAroundIt) {
  const std::string token(kToken);
  for (const std::string& content :
       {token, token + "\n", token + "\r\n", " \t" + token + " \t\n", "\n\n" + token + "\n\n",
        " \r\n\t\r\n" + token + " \r\n \r\n", token + "\r"}) {
    EXPECT_EQ(outcome_of(content), read_) << testing::PrintToString(content);
  }
  EXPECT_EQ(outcome_of("two  words \"quoted\" # 'all' of it\n"),
            "secret: two  words \"quoted\" # 'all' of it");
  EXPECT_EQ(outcome_of("x"), "secret: x") << "no length is required";
  EXPECT_EQ(outcome_of("!~"), "secret: !~");
}

TEST_F(SecretFileTest, RefusesWhatIsNotOneLineOfPrintableAscii) {
  const std::string token(kToken);
  for (const std::string_view content : {"", "\n", " \t\r\n\r\n ", "\r"}) {
    EXPECT_THAT(outcome_of(content), AllOf(HasSubstr("is empty"), HasSubstr("as one line")));
  }
  for (const std::string& content : {token + "\nother", token + "\n\n" + token + "\n"}) {
    EXPECT_THAT(outcome_of(content), HasSubstr("has several lines; leave the one"));
  }
  for (const std::string& strange :
       {std::string("\xc3\xa9"), std::string("\x80"), std::string("\0", 1), std::string("\t"),
        std::string("\r"), std::string("\x1b"), std::string("\x7f"), std::string("\xe2\x80\x8b")}) {
    EXPECT_THAT(outcome_of("  abc" + strange + "def\n"),
                HasSubstr("byte 4 of its line is not printable ASCII"))
        << testing::PrintToString(strange);
  }
}

TEST_F(SecretFileTest, NamesTheMarksThatEditorsLeave) {
  EXPECT_THAT(outcome_of("\xef\xbb\xbf" + std::string(kToken) + "\n"),
              AllOf(HasSubstr("byte order mark of UTF-8"), EndsWith("leaves the mark out")));
  for (const std::string& content :
       {std::string("\xff\xfeM\0z\0", 6), std::string("\xfe\xff\0M\0z", 6)}) {
    EXPECT_THAT(outcome_of(content), HasSubstr("byte order mark of UTF-16; save it as"));
  }
}

TEST_F(SecretFileTest, ReadsNoMoreThanTheLargestFile) {
  const std::string most(kMaxSecretFileBytes, 'x');
  EXPECT_EQ(outcome_of(most), "secret: " + most);
  EXPECT_THAT(outcome_of(most + "\n"), HasSubstr("is larger than 4096 bytes"));
  EXPECT_THAT(outcome_of(std::string(1 << 20, '\n')), HasSubstr("is larger than 4096 bytes"));
}

TEST_F(SecretFileTest, FilesOpenToOthersAreRefusedWithTheCommandThatClosesThem) {
  for (const mode_t bit : {S_IRGRP, S_IWGRP, S_IROTH, S_IWOTH}) {
    ASSERT_EQ(chmod(file_.c_str(), 0600 | bit), 0);
    EXPECT_THAT(outcome(file_, self_),
                AllOf(StartsWith("\"" + file_ + "\": is open to others"),
                      EndsWith("; if this is the right file, chmod 600 " + file_)))
        << std::oct << bit;
  }
  for (const mode_t mode : {0400, 0600, 0700, 0711}) {
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
    EXPECT_EQ(outcome(file_, self_), read_) << std::oct << mode;
  }
}

TEST_F(SecretFileTest, CommandsQuoteWhatAShellWouldReadOtherwise) {
  file_ = directory_ + "/it's a $(token)";
  write_file(kToken);
  ASSERT_EQ(chmod(file_.c_str(), 0644), 0);
  const std::string message = outcome(file_, self_);
  EXPECT_THAT(message, EndsWith("chmod 600 '" + directory_ + "/it'\\''s a $(token)'"));
  ASSERT_EQ(std::system(message.substr(message.find("chmod 600")).c_str()), 0);
  EXPECT_EQ(outcome(file_, self_), read_);
}

TEST_F(SecretFileTest, NothingAboveMayLetOthersReplaceIt) {
  ASSERT_EQ(chmod(directory_.c_str(), 0777), 0);
  EXPECT_THAT(outcome(file_, self_), AllOf(HasSubstr("can be replaced by others"),
                                           HasSubstr("chmod o-w '" + directory_ + "'")));
  const std::string link = root_ + "/link";
  std::filesystem::create_symlink(file_, link);
  EXPECT_THAT(outcome(link, self_), HasSubstr("chmod o-w '" + directory_ + "'"));
  ASSERT_EQ(chmod(directory_.c_str(), 01777), 0);
  EXPECT_EQ(outcome(file_, self_), read_) << "a sticky directory as /tmp";
}

TEST_F(SecretFileTest, FollowsALinkToTheFile) {
  const std::string link = root_ + "/link";
  std::filesystem::create_symlink(file_, link);
  EXPECT_EQ(outcome(link, self_), read_);
  ASSERT_EQ(chmod(file_.c_str(), 0640), 0);
  EXPECT_THAT(outcome(link, self_), EndsWith("chmod 600 " + link));
}

TEST_F(SecretFileTest, NamesWhatIsNotThereOrNoFile) {
  const std::string none = directory_ + "/none/none";
  EXPECT_THAT(outcome(none, self_), AllOf(StartsWith("\"" + none + "\": there is no such file"),
                                          HasSubstr("install -D -m 600 /dev/null " + none)));
  EXPECT_THAT(outcome(directory_, self_), HasSubstr("is a directory; name the file itself"));
  EXPECT_THAT(outcome("/dev/null", self_), HasSubstr("is no regular file"));
  EXPECT_THAT(outcome(file_ + "/x", self_), HasSubstr("Not a directory"));
  EXPECT_THAT(outcome("main.token", self_), HasSubstr("\"main.token\": is not an absolute path"));
  EXPECT_THAT(outcome("", self_), HasSubstr("is not an absolute path"));
  const std::string link = root_ + "/link";
  std::filesystem::create_symlink(link, link);
  EXPECT_THAT(outcome(link, self_), HasSubstr("Too many levels of symbolic links"));
}

TEST_F(SecretFileTest, DoesNotWaitForAFifoNorTalkToASocket) {
  const std::string fifo = root_ + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(outcome(fifo, self_), HasSubstr("is no regular file"));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string name = root_ + "/socket";
  ASSERT_LT(name.size(), sizeof(address.sun_path));
  name.copy(address.sun_path, name.size());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_THAT(outcome(name, self_), HasSubstr("is no regular file"));
  close(listener);
}

TEST_F(SecretFileTest, NoErrorHoldsAByteOfTheContent) {
  const std::string token = "{{{{#{{{{";  // bytes that no path and no sentence of ours has
  for (const std::string& content :
       {"\xef\xbb\xbf" + token, "\xff\xfe" + token, token + "\n" + token, token + "\x01",
        token + std::string(kMaxSecretFileBytes, '{')}) {
    const std::string message = outcome_of(content);
    EXPECT_THAT(message, StartsWith("\"" + file_ + "\": "));
    EXPECT_THAT(message, AllOf(Not(HasSubstr("{")), Not(HasSubstr("#"))));
  }
}

TEST_F(SecretFileTest, LeavesNoDescriptorOpen) {
  const auto lowest_free = [] {
    const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(descriptor);
    return descriptor;
  };
  const int before = lowest_free();
  (void)outcome(file_, self_);
  (void)outcome(directory_, self_);
  (void)outcome_of("");
  EXPECT_EQ(lowest_free(), before);
}

TEST_F(SecretFileTest, ADirectoryClosedToThisUserIsNoMissingFile) {
  ASSERT_EQ(chmod(directory_.c_str(), 0600), 0);
  const uid_t user = self_ == 0 ? kStranger : self_;
  const std::string expected = "\"" + file_ + "\": cannot read it as this user (uid " +
                               std::to_string(user) +
                               "): do it as the user who starts httpd, usually root";
  if (self_ != 0) {
    EXPECT_EQ(outcome(file_, self_), expected);
    EXPECT_EQ(outcome(directory_ + "/none", self_),
              "\"" + directory_ + "/none" + expected.substr(file_.size() + 1));
  } else {
    EXPECT_EQ(outcome_as(kStranger, file_, kStranger), expected);
    EXPECT_EQ(outcome_as(kStranger, file_, 0), expected);
    EXPECT_EQ(outcome(file_, 0), read_);
  }
}

TEST_F(SecretFileTest, AFileThatItsOwnerMayNotReadIsOpenedForHim) {
  if (self_ == 0) GTEST_SKIP() << "needs an ordinary user: root reads it all the same";
  ASSERT_EQ(chmod(file_.c_str(), 0200), 0);
  EXPECT_THAT(outcome(file_, self_), EndsWith("owner may not read it; chmod 600 " + file_));
}

TEST_F(SecretFileTest, TheFileOfAnOrdinaryUserIsNotRoots) {
  if (self_ == 0) GTEST_SKIP() << "needs an ordinary user, who owns the file";
  EXPECT_THAT(outcome(file_, 0), HasSubstr("; chown root " + file_ + " && chmod 600 " + file_));
}

class SecretFileOfOthersTest : public SecretFileTest {
 protected:
  void SetUp() override {
    SecretFileTest::SetUp();
    if (self_ != 0) GTEST_SKIP() << "needs root, to make files of other users and to become them";
  }
};

TEST_F(SecretFileOfOthersTest, AFileClosedToThisUserNeedsTheOneWhoStarts) {
  const std::string expected = "\"" + file_ + "\": cannot read it as this user (uid 54321): " +
                               "do it as the user who starts httpd, usually root";
  for (const uid_t owner : {uid_t{0}, uid_t{54322}}) {
    for (const mode_t mode : {0600, 0400, 0640, 0200}) {
      give_file_to(owner, mode);
      EXPECT_EQ(outcome_as(kStranger, file_, kStranger), expected) << std::oct << mode;
      EXPECT_EQ(outcome_as(kStranger, file_, 0), expected) << std::oct << mode;
    }
  }
}

TEST_F(SecretFileOfOthersTest, WhatThisUserCanReadIsJudgedAsForRoot) {
  give_file_to(0, 0644);
  EXPECT_THAT(outcome_as(kStranger, file_, kStranger), EndsWith("chmod 600 " + file_));
  give_file_to(kStranger, 0600);
  EXPECT_EQ(outcome_as(kStranger, file_, kStranger), read_);
  give_file_to(kStranger, 0200);
  EXPECT_THAT(outcome_as(kStranger, file_, kStranger), EndsWith("; chmod 600 " + file_));
}

TEST_F(SecretFileOfOthersTest, OwnerIsRootOrWhoStarts) {
  give_file_to(kStranger, 0600);
  EXPECT_EQ(outcome(file_, kStranger), read_);
  EXPECT_THAT(outcome(file_, 0),
              AllOf(HasSubstr("belongs to uid 54321, and neither to root nor"),
                    EndsWith("; chown root " + file_ + " && chmod 600 " + file_)));
  EXPECT_THAT(outcome(file_, 54322), HasSubstr("; chown 54322 " + file_ + " && "));
  give_file_to(0, 0600);
  EXPECT_EQ(outcome(file_, kStranger), read_);
}

TEST_F(SecretFileOfOthersTest, TheCommandsMendOwnerAndModeTogether) {
  give_file_to(kStranger, 0666);
  const std::string message = outcome(file_, 0);
  const std::size_t command = message.find("chown ");
  ASSERT_NE(command, std::string::npos) << message;
  ASSERT_EQ(std::system(message.substr(command).c_str()), 0);
  EXPECT_EQ(outcome(file_, 0), read_);
}

TEST_F(SecretFileOfOthersTest, RootWithoutItsPowersIsNotToldToBecomeRoot) {
  give_file_to(kStranger, 0600);
  EXPECT_THAT(outcome_without_capabilities(file_, 0),
              AllOf(HasSubstr("not even root may read it"), Not(HasSubstr("this user"))));
}

TEST(SecretTest, HoldsItsBytesAndIsEmptyWhenMovedFrom) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  for (const std::string& text : {std::string("short"), std::string(1000, 'x')}) {
    Secret secret(text);
    EXPECT_EQ(secret.view(), text);
    const char* const place = secret.view().data();
    Secret moved(std::move(secret));
    EXPECT_TRUE(secret.empty());
    EXPECT_EQ(secret.view(), "");
    EXPECT_EQ(moved.view(), text);
    EXPECT_EQ(moved.view().data(), place) << "views stay valid";
    Secret assigned("before");
    assigned = std::move(moved);
    EXPECT_TRUE(moved.empty());
    EXPECT_EQ(assigned.view().data(), place);
    Secret& same = assigned;
    assigned = std::move(same);
    EXPECT_EQ(assigned.view(), text);
  }
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
}

}  // namespace
}  // namespace plivo_dial
