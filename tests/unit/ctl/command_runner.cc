// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ctl/command_runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"

namespace plivo_dial::ctl {
namespace {

// Puts a file in the place of standard input, as a shell's `<` does.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(dup(STDIN_FILENO)) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    dup2(file, STDIN_FILENO);
    close(file);
  }
  ~StandardInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  int saved_;
};

}  // namespace

Ran run_subcommand(void (*add)(Command&), const std::string& name,
                   std::vector<std::string> arguments, std::string_view standard_input) {
  const TemporaryFiles files;
  const StandardInput input(files.write("standard-input", standard_input));
  Command app("plivo-dialctl", "test");
  add(app);
  arguments.insert(arguments.begin(), name);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Result<int, UsageError> status = app.run(arguments);
  Ran ran;
  ran.status = status ? *status : kExitUsage;
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr() + (status ? "" : status.error().message);
  return ran;
}

TemporaryFiles::TemporaryFiles() : directory_(testing::TempDir() + "/plivo-dialctl-XXXXXX") {
  if (mkdtemp(directory_.data()) == nullptr) ADD_FAILURE() << "no " << directory_;
}

TemporaryFiles::~TemporaryFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string TemporaryFiles::write(const std::string& name, std::string_view content) const {
  const std::string path = directory_ + "/" + name;
  std::ofstream file(path, std::ios::binary);
  EXPECT_EQ(chmod(path.c_str(), 0600), 0);
  file << content;
  EXPECT_TRUE(file.flush().good()) << path;
  return path;
}

}  // namespace plivo_dial::ctl
