// SPDX-License-Identifier: Apache-2.0
#include "lib/image/image_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/image/image_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;

class ImageInFile : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "plivo-image-XXXXXX";
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string path() const { return directory_ + "/plivo-dial.image"; }
  void put(std::string_view bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
  std::string fault() const {
    const Result<Image> image = Image::open(path());
    return image ? "none" : image.error().message;
  }
  std::size_t files() const {
    const std::filesystem::directory_iterator all(directory_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  std::string directory_;
};

TEST_F(ImageInFile, IsWrittenAndOpened) {
  ASSERT_TRUE(write_image(path(), small_image()).ok());
  const Result<Image> image = Image::open(path());
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_THAT(image->find("numbers", "14155550199"), Optional(std::string_view("sales")));
  EXPECT_TRUE(image->verify().ok());
  EXPECT_EQ(Image::open(path())->stamp(), image->stamp());
  EXPECT_EQ(files(), 1u) << "nothing else is left";
}

TEST_F(ImageInFile, HasTheModeAndTheGroupThatAreAskedFor) {
  ASSERT_TRUE(write_image(path(), small_image(), {0604, getegid()}).ok());
  struct stat status {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0604u);
  EXPECT_EQ(status.st_gid, getegid());
}

TEST_F(ImageInFile, LeavesTheOldOneToWhoReadsIt) {
  ASSERT_TRUE(write_image(path(), small_image()).ok());
  const Image old = Image::open(path()).value();
  ASSERT_TRUE(write_image(path(), image_of(100)).ok());
  EXPECT_NE(Image::open(path())->stamp(), old.stamp());
  EXPECT_THAT(old.find("numbers", "14155550199"), Optional(std::string_view("sales")));
  EXPECT_TRUE(old.verify().ok());
  const Image fresh = Image::open(path()).value();
  EXPECT_THAT(fresh.find("numbers", number_at(99)), Optional("+" + number_at(99)));
  std::filesystem::remove(path());
  EXPECT_TRUE(old.verify().ok());
}

TEST_F(ImageInFile, IsWholeAtEveryMomentWhileOthersReplaceIt) {
  const std::string images[] = {small_image(), image_of(1000), image_of(10)};
  ASSERT_TRUE(write_image(path(), images[0]).ok());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(write_image(path(), images[i % 3]).ok());
    }
    done = true;
  });
  std::size_t opened = 0;
  while (!done) {
    const Result<Image> image = Image::open(path());
    ASSERT_TRUE(image.ok()) << image.error().message;
    ASSERT_TRUE(image->verify().ok());
    ASSERT_TRUE(Image::open(path()).ok());
    ++opened;
  }
  writer.join();
  EXPECT_GT(opened, 0u);
}

TEST_F(ImageInFile, StaysWhereTheNewOneIsNoImage) {
  ASSERT_TRUE(write_image(path(), small_image()).ok());
  std::string harmed = image_of(10);
  harmed.back() ^= 1;
  EXPECT_FALSE(write_image(path(), "not an image").ok());
  EXPECT_FALSE(write_image(path(), harmed).ok());
  EXPECT_EQ(Image::open(path())->stamp(), Image::over(small_image())->stamp());
  EXPECT_EQ(files(), 1u);
}

TEST_F(ImageInFile, IsToldOfWhereItCannotBeWritten) {
  const Result<void> written = write_image(directory_ + "/absent/a", small_image());
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message,
              AllOf(HasSubstr("cannot create"), HasSubstr("No such file")));
  ASSERT_TRUE(std::filesystem::create_directories(path() + "/full"));
  EXPECT_FALSE(write_image(path(), small_image()).ok());
  EXPECT_EQ(files(), 1u) << "what was written under another name is gone";
}

TEST_F(ImageInFile, IsNotOpenedWhereItIsNone) {
  EXPECT_THAT(fault(), AllOf(HasSubstr(path()), HasSubstr("No such file")));
  put("");
  EXPECT_THAT(fault(), AllOf(HasSubstr(path()), HasSubstr("is empty")));
  put("+14155550199 +14155550111\n");
  EXPECT_THAT(fault(), AllOf(HasSubstr(path()), HasSubstr("is no image")));
  put(small_image().substr(0, 100));
  EXPECT_THAT(fault(), HasSubstr("has 100 bytes, and "));
}

TEST_F(ImageInFile, IsNoDirectoryNoPipeNoLink) {
  ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(fault(), HasSubstr("is no regular file"));
  std::filesystem::remove(path());
  ASSERT_TRUE(write_image(directory_ + "/other", small_image()).ok());
  std::filesystem::create_symlink(directory_ + "/other", path());
  EXPECT_THAT(fault(), HasSubstr("cannot open the image"));
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  EXPECT_THAT(fault(), HasSubstr("is no regular file"));
}

TEST_F(ImageInFile, LargerThanAnyIsNotMapped) {
  put("x");
  std::filesystem::resize_file(path(), kMostImageBytes + 1);
  EXPECT_THAT(fault(), HasSubstr("more than an image ever has; move it away"));
}

}  // namespace
}  // namespace plivo_dial::test
