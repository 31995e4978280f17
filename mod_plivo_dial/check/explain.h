// File: mod_plivo_dial/check/explain.h
//
// What decides about a call, step by step, with file and line of each: asked by plivo-dialctl
// explain through httpd -t, so that plans, maps and hours are the very ones that requests use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "lib/settings/explanation.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// The question that httpd was started with; nothing without one.
std::optional<CallQuestion> question_of_call();

// The answer, for every Location that answers calls. Maps and hours are those in the spool.
std::vector<ExplainedCall> explain_call(apr_pool_t* scratch, server_rec* main_server,
                                        CallQuestion question);

}  // namespace plivo_dial
