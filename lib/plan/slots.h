// File: lib/plan/slots.h
//
// The attributes of a document whose values each request gives: callerId from From or To, and
// places such as {{From}} in callerName and sipHeaders. A document that is rendered for one request
// has their values at once; one that is prepared for all notes them, and has them filled in later.
//
//   Slots slots;
//   CallFacts facts{"", ""};
//   facts.slots = &slots;
//   const SlottedDocument document(*render_step(plan, urls, step, true, facts), slots);
//   document.fill({"14155550111", "14155550199"})
//       -> ...<Dial ... callerId="14155550111">...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/document/element.h"
#include "lib/document/places.h"
#include "lib/plan/call_facts.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// One such value.
struct Slot {
  CallerId caller_id;     // where `attribute` is callerId
  std::string attribute;  // callerId, callerName or sipHeaders
  std::string text;       // with places
};
Slot caller_id_slot(const CallerId& caller_id);
Slot places_slot(const Attribute& attribute);

// The slots of one document in the order in which they stand there.
class Slots {
 public:
  // Notes `slot`; what stands in its place until it is filled in.
  std::string add(Slot slot);

  const std::vector<Slot>& all() const { return slots_; }

 private:
  std::vector<Slot> slots_;
};

// The value of `slot`: "" for an attribute that is to be left out. Where `facts` prepare a
// document, what holds its place.
std::string given_by_request(const Slot& slot, const CallFacts& facts);

// The values of parameters, "" for those that the request has not.
ParameterValue parameters_of(const CallFacts& facts);

// A document with slots. Immutable; safe from any thread.
class SlottedDocument {
 public:
  SlottedDocument() = default;

  // `xml` as it was rendered with `slots`.
  SlottedDocument(std::string xml, const Slots& slots);

  // The whole document, where it is the same for each call.
  bool is_constant() const { return parts_.size() == 1; }
  std::string_view constant() const { return parts_.front().before; }

  // With the values of a request. Fails when it would be larger than kMaxDocumentBytes.
  Result<std::string> fill(const CallFacts& facts) const;

 private:
  // The last one has no slot.
  struct Part {
    std::string before;
    Slot slot;
  };
  std::vector<Part> parts_ = {Part{}};
};

}  // namespace plivo_dial
