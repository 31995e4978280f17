// File: mod_plivo_dial/config/documents.h
//
// The files with documents that the plans of a configuration name (xml=, PlivoXML). Opened when the
// configuration is prepared, asked in requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/document/document_file.h"
#include "lib/webhook/request_parameters.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// Filled before requests are served; then safe from any thread.
class Documents {
 public:
  // Opens what the lines of `config` and of its numbers name, each file once. What is wrong with
  // one, and what is doubtful in it, is added with the position of the line.
  void add(const DirConfig& config, std::vector<std::string>& errors,
           std::vector<std::string>& warnings);

  // The document at `path`, filled from a request. Fails when it would be too large, and for a file
  // that was never without a fault.
  Result<std::string> filled(std::string_view path, const RequestParameters& parameters,
                             std::int64_t now_us) const;

  // The files, each with the line that names it first: "/etc/a.conf:7: xml=/x.xml: ".
  std::vector<std::pair<std::string, std::string>> files() const;

  // The faults of files that changed since the last call, once each.
  std::vector<std::string> new_faults(std::int64_t now_us) const;

 private:
  void add_lines(const PlanLayer* top, std::vector<std::string>& errors,
                 std::vector<std::string>& warnings);

  struct Named {
    std::string line;
    std::unique_ptr<DocumentFile> file;  // null: it could not be read
  };
  std::map<std::string, Named, std::less<>> files_;
};

}  // namespace plivo_dial
