// File: mod_plivo_dial/check/shown_plan.h
//
// Parts of a plan in words for people, without the passwords of SIP users.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/plan/plan.h"
#include "lib/settings/config_manifest.h"

namespace plivo_dial {

// `text`, and the attributes behind it.
std::string with_attributes(std::string text, const Attributes& attributes);
std::string attributes_text(const Attributes& attributes);  // "timeout=20 callerName=A"

std::string describe_prompt(const Prompt& prompt);  // "speak "Hello" language=en-GB"
ManifestStage shown_stage(const Stage& stage);
std::string describe_stage(const Stage& stage);  // "+14155550111 +14155550112 timeout=20"

}  // namespace plivo_dial
