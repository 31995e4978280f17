// File: lib/form/form.h
//
// application/x-www-form-urlencoded, the form of Plivo's POST bodies and GET queries. Use it for
// every body and query that arrives; it never refuses odd content, it bounds it and reports it.
//
//   const Result<Form> form = Form::decode("To=%2B14155550199&From=14155550111&To=");
//   form->find("To")                -> "+14155550199", the first of two
//   form->find("to")                -> nothing
//   form->parameters().size()       -> 3
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// Upper bounds; sizes in bytes, after decoding.
struct FormLimits {
  std::size_t pairs = 200;
  std::size_t name_bytes = 128;
  std::size_t value_bytes = 8192;
};

// One decoded pair. The views belong to the Form (or to whoever made them) and live as long.
struct Parameter {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// The pairs of one body or query in the order in which they came: repeats and empty values are
// kept, empty segments ("a=1&&b=2") are skipped, each segment is split at its first '=' before
// decoding, a segment without '=' has an empty value, '+' is a space, %XX is decoded once, and a
// broken escape stays as its bytes. Movable, not copyable; views stay valid when it is moved.
// Const access is safe from any thread.
class Form {
  friend class FormBuilder;

 public:
  Form() = default;

  // Decodes `encoded` in one pass, with one allocation for the bytes and one for the list. Fails,
  // naming the cap, when a limit is exceeded; the message holds no byte of the input.
  static Result<Form> decode(std::string_view encoded, const FormLimits& limits = {});

  std::span<const Parameter> parameters() const { return parameters_; }

  // The value of the first pair called `name`, which is compared case-sensitively (with GET,
  // Plivo's "To" and a site's own "to" share one query).
  std::optional<std::string_view> find(std::string_view name) const;

  // Whether a '%' without two hexadecimal digits, or a NUL byte, was seen.
  bool has_malformed_escape() const { return has_malformed_escape_; }
  bool has_nul() const { return has_nul_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::vector<Parameter> parameters_;
  std::uint64_t name_sizes_ = 0;  // a bit for each; most names that are asked for are not there
  bool has_malformed_escape_ = false;
  bool has_nul_ = false;
};

// Collects pairs that came in another format, such as multipart or JSON, into a Form with the same
// limits and the same reports of NUL bytes. One thread at a time may use a builder.
class FormBuilder {
 public:
  explicit FormBuilder(const FormLimits& limits = {});

  // Adds one pair, whose bytes are copied. Fails, naming the cap, when a limit is exceeded; the
  // pairs added before stay.
  Result<void> add(std::string_view name, std::string_view value);

  // The pairs in the order in which they were added; the builder is empty then.
  Form build();

 private:
  FormLimits limits_;
  std::string bytes_;
  std::vector<std::size_t> lengths_;  // of name and value, pair by pair
};

// Appends name=value to `out`, percent-encoded so that Form::decode gives both back, with '&' in
// front when `out` is not empty. Space becomes '+', as Plivo writes it.
void append_form_pair(std::string_view name, std::string_view value, std::string& out);

}  // namespace plivo_dial
