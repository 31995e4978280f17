// File: lib/document/remarks.h
//
// What Plivo's XML allows and costs a call, or its caller's patience, all the same: a voice that
// does not speak the language, a sound that Plivo does not play, markup that would be read out.
// Use it beside the checks, for warnings. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lib/document/element.h"

namespace plivo_dial {

// What is doubtful about `element`, whose attributes and text have passed their checks; its
// children count only as those of <Dial>. A sentence each, which names value and remedy.
std::vector<std::string> remarks_on(const Element& element);

// What is doubtful about the order of the elements of a <Response>: those that never run. One
// entry for each such element; `index` is that of the element after which nothing runs.
struct OrderRemark {
  std::size_t index;
  std::string text;
};
std::vector<OrderRemark> remarks_on_order(std::span<const Element> children);

// Whether a caller who gets a <Response> with `children` hears nothing and reaches nobody.
bool says_nothing(std::span<const Element> children);

}  // namespace plivo_dial
