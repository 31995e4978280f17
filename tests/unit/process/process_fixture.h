// File: tests/unit/process/process_fixture.h
//
// Shell scripts as programs of the administrator's, and what they say.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "lib/base/system_file.h"
#include "lib/process/child_start.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {

class ProcessTest : public DeliveryTest {
 protected:
  // As the dispatcher.
  static void SetUpTestSuite() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

  void SetUp() override {
    DeliveryTest::SetUp();
    int ends[2] = {-1, -1};
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    said_.reset(ends[0]);
    output_.reset(ends[1]);
    input_.reset(open("/dev/null", O_RDONLY | O_CLOEXEC));
    environment_ = {"PATH=/usr/bin:/bin"};
  }

  // What runs `script` with its output going to said().
  ChildPlan plan_of(const std::string& script) {
    arguments_ = {"/bin/sh", "-c", script, "sh", "one", "$(two)"};
    return {arguments_, environment_, input_.get(), output_.get(), output_.get()};
  }

  // All that was said; waits until nobody is left who could say more.
  std::string said() {
    output_.reset();
    std::string text;
    for (char c = 0; read(said_.get(), &c, 1) == 1;) text += c;
    return text;
  }

  // The next line, without its end; waits for it.
  std::string line() {
    std::string text;
    for (char c = 0; read(said_.get(), &c, 1) == 1 && c != '\n';) text += c;
    return text;
  }

  // What a child of this process that nobody knows as a ChildProcess ended with, as of waitpid(2).
  static int end_of(pid_t process) {
    int status = -1;
    EXPECT_EQ(waitpid(process, &status, 0), process);
    return status;
  }

  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  Descriptor input_;
  Descriptor said_;
  Descriptor output_;
};

}  // namespace plivo_dial
