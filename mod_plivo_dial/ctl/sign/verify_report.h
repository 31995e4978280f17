// File: mod_plivo_dial/ctl/sign/verify_report.h
//
// What `plivo-dialctl verify` says about a captured request: the string that was signed, the
// signatures that were expected and received, the verdict, and why.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lib/signature/refused_request.h"
#include "mod_plivo_dial/ctl/sign/captured_request.h"

namespace plivo_dial::ctl {

struct VerifyInput {
  CapturedRequest request;
  std::string origin;                    // the URL that Plivo is taken to have dialled ...
  std::string target;                    // ... as SignedUrl has it
  std::vector<SigningAccount> accounts;  // named by their token files
  std::vector<std::string> hosts;        // under which the URL may have been entered
  bool accept_v2 = false;                // as PlivoSignature V2 does
};

struct VerifyReport {
  bool verified = false;
  std::string text;  // lines for a terminal; holds signatures, never tokens
};

VerifyReport verify_capture(const VerifyInput& input);

}  // namespace plivo_dial::ctl
