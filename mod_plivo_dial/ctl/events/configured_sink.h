// File: mod_plivo_dial/ctl/events/configured_sink.h
//
// A sink with a program, as httpd's configuration has it. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/sink_config.h"

namespace plivo_dial::ctl {

// The sink `name`; `timeout` and `retry`, where they are not "", stand for its timeout= and retry=.
// Fails when there is none of that name, which lists or proposes others, or it runs no program.
Result<SinkConfig> configured_sink(const ConfigManifest& config, const std::string& name,
                                   const std::string& timeout, const std::string& retry);

}  // namespace plivo_dial::ctl
