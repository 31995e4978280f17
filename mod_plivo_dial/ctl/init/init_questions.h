// File: mod_plivo_dial/ctl/init/init_questions.h
//
// Questions to the person at the terminal, or lines from a script.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/secret_file.h"
#include "lib/base/result.h"

namespace plivo_dial::ctl {

enum class Echo {
  kOn,
  kOff,  // what is typed is not shown
};

// The next line of standard input without the blanks around it, at most kMaxSecretFileBytes long.
// When standard input is a terminal, `question` is written to standard error first, and with
// Echo::kOff the terminal shows nothing of what is typed; its state is restored before this returns
// and before a signal (SIGINT, SIGTERM, SIGHUP, SIGQUIT) ends the process. Reads no byte behind the
// line. `what` names it in errors, which hold nothing of it. Not for several threads.
Result<Secret> ask(const std::string& question, const std::string& what, Echo echo);

// Whether a person at a terminal gives the answers.
bool answers_a_person();

}  // namespace plivo_dial::ctl
