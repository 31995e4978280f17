// File: mod_plivo_dial/check/check_plans.h
//
// Judges what calls would meet: slips in a plan that httpd can serve all the same, numbers that
// call each other in a circle, and URLs that lead to the wrong one of our own Locations. Use it
// from check_configuration.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// What is most likely a slip in `plan`, each with the position of its line.
std::vector<std::string> plan_warnings(const ResolvedPlan& plan);

// The lines of PlivoOn that hold nowhere in `plans`, those of one Location and its numbers.
std::vector<std::string> idle_line_errors(const std::vector<const ResolvedPlan*>& plans);

// What is most likely a slip in the URLs of `plan`. `sections` are all of the configuration.
std::vector<std::string> url_warnings(const ResolvedPlan& plan,
                                      const std::vector<Section>& sections);

// Where action= of a stage leads to a Location of ours that answers no action, or redirect= of
// PlivoOn to an endpoint without documents: the caller would be cut off.
std::vector<std::string> plan_errors(const ResolvedPlan& plan,
                                     const std::vector<Section>& sections);

// The <PlivoNumber> sections that dial each other.
class ForwardingCircles {
 public:
  void add(const ResolvedPlan& plan);

  // One warning for each circle of two numbers or more.
  std::vector<std::string> warnings() const;

 private:
  struct Dial {
    std::string number;
    Position position;
  };
  std::vector<std::string> shortest_circle(const std::string& number) const;

  std::map<std::string, std::vector<Dial>> dials_;  // by the number that is called
};

}  // namespace plivo_dial
