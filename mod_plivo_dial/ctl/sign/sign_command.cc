// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/sign_command.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"
#include "lib/signature/url.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/sign/signed_webhook.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/token_file.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kSign = "sign";

// What was written on the command line, before it is judged.
struct SignOptions {
  UnsignedWebhook webhook;
  SignatureChoice choice;
  std::vector<std::string> parameters;
  std::optional<std::string> body;
  std::string body_file;
  std::string token_file;
  bool curl = false;
  bool batch = false;
};

Result<FormPairs> read_parameters(const std::vector<std::string>& texts) {
  FormPairs pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{"--param: \"" + text + "\" is not NAME=VALUE"};
    }
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  sort_pairs(pairs);
  return pairs;
}

// Puts the parameters where Plivo puts them: into the body, with GET into the URL.
Result<void> complete_webhook(SignOptions& options) {
  UnsignedWebhook& webhook = options.webhook;
  const Result<FormPairs> pairs = read_parameters(options.parameters);
  if (!pairs) return pairs.error();
  if (webhook.method == "GET") {
    for (const auto& [name, value] : *pairs) {
      webhook.url = with_query_parameter(webhook.url, name, value);
    }
  } else {
    webhook.body = encode_form(*pairs);
  }
  if (options.body) webhook.body = *options.body;
  if (options.body_file.empty()) return {};
  Result<std::string> body = read_input(options.body_file);
  if (!body) return Error{"--body-file: " + body.error().message};
  webhook.body = std::move(body).value();
  return {};
}

int sign_one(SignOptions& options, std::string_view token) {
  if (const Result<void> complete = complete_webhook(options); !complete) {
    return report_usage(kSign, complete.error().message);
  }
  const Result<SignedWebhook> webhook = sign_webhook(options.webhook, options.choice, token);
  if (!webhook) return report_usage(kSign, webhook.error().message);
  if (!options.curl) return write_output(kSign, header_lines(*webhook), kExitOk);
  const Result<std::string> line = curl_line(*webhook);
  if (!line) return report_usage(kSign, line.error().message);
  return write_output(kSign, *line, kExitOk);
}

// ---- Many requests, one to a line.

Result<void> read_member(const JsonValue& object, const char* name, std::string& value) {
  const JsonValue member = object[name];
  const auto text = member.text();
  if (member && !text) return Error{"\"" + std::string(name) + "\" is no string"};
  if (text) value = *text;
  return {};
}

Result<UnsignedWebhook> parse_line(std::string_view line) {
  const std::optional<JsonDocument> document = JsonDocument::parse(line);
  const JsonValue object = document ? document->root() : JsonValue();
  if (!object.is_object()) {
    return Error{R"(is no JSON object such as {"method":"POST","url":"https://h/p","body":"a=b"})"};
  }
  UnsignedWebhook webhook;
  const std::pair<const char*, std::string*> members[] = {{"method", &webhook.method},
                                                          {"url", &webhook.url},
                                                          {"body", &webhook.body},
                                                          {"nonce", &webhook.nonce}};
  for (const auto& [name, value] : members) {
    if (Result<void> read = read_member(object, name, *value); !read) return read.error();
  }
  return webhook;
}

Result<std::string> sign_line(const SignOptions& options, std::string_view line,
                              std::string_view token) {
  const Result<UnsignedWebhook> parsed = parse_line(line);
  if (!parsed) return parsed.error();
  const Result<SignedWebhook> webhook = sign_webhook(*parsed, options.choice, token);
  if (!webhook) return webhook.error();
  JsonWriter json;
  json.begin_object().member("nonce", webhook->nonce());
  json.member("signature", webhook->signature()).end_object();
  return json.take() + "\n";
}

// The lines of standard input. Has a stream of its own, so that stdin's buffer stays out of it.
class InputLines {
 public:
  InputLines() : stream_(fdopen(dup(STDIN_FILENO), "r")) {}
  InputLines(const InputLines&) = delete;
  InputLines& operator=(const InputLines&) = delete;
  ~InputLines() {
    std::free(line_);
    if (stream_ != nullptr) std::fclose(stream_);
  }

  bool is_open() const { return stream_ != nullptr; }
  // The next line with its end, valid until the next call; nothing at the end.
  std::optional<std::string_view> next() {
    const ssize_t length = getline(&line_, &capacity_, stream_);
    if (length < 0) return std::nullopt;
    return std::string_view(line_, static_cast<std::size_t>(length));
  }

 private:
  std::FILE* stream_;
  char* line_ = nullptr;
  std::size_t capacity_ = 0;
};

int sign_batch(const SignOptions& options, std::string_view token) {
  InputLines lines;
  if (!lines.is_open()) {
    return report_usage(kSign, std::string("standard input: ") + std::strerror(errno));
  }
  for (int number = 1; const auto line = lines.next(); ++number) {
    if (line->find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
    const Result<std::string> reply = sign_line(options, *line, token);
    if (!reply) {
      return report_usage(
          kSign, "line " + std::to_string(number) + " of standard input: " + reply.error().message);
    }
    if (const int status = write_output(kSign, *reply, kExitOk); status != kExitOk) {
      return status;
    }
  }
  return kExitOk;
}

// ---- The command line.

Result<void> check_options(const SignOptions& options) {
  const bool stdin_token = options.token_file == "-";
  if (stdin_token && (options.batch || options.body_file == "-")) {
    return Error{
        "--token-file -: standard input can hold the token or the requests, not both; give the "
        "token in a file"};
  }
  if (options.batch) {
    const bool has_request = !options.webhook.url.empty() || !options.parameters.empty() ||
                             options.body || !options.body_file.empty() ||
                             !options.webhook.nonce.empty() || options.curl;
    if (!has_request) return {};
    return Error{"--batch takes the requests from standard input: leave out all that says one"};
  }
  if (options.webhook.url.empty()) return Error{"--url is required"};
  return {};
}

int run_sign(SignOptions& options) {
  if (const Result<void> checked = check_options(options); !checked) {
    return report_usage(kSign, checked.error().message);
  }
  const Result<Secret> token = read_token(options.token_file);
  if (!token) return report_usage(kSign, token.error().message);
  return options.batch ? sign_batch(options, token->view()) : sign_one(options, token->view());
}

void add_request_options(Command& sign, SignOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* help) -> Option& {
    return sign.option(name, value, help).group("Request");
  };
  add("--url", options.webhook.url, "The URL as Plivo dials it").type_name("URL");
  add("--method", options.webhook.method, "Method of the request")
      .one_of({"POST", "GET"})
      .shows_default()
      .type_name("METHOD");
  Option& parameter =
      add("--param", options.parameters,
          "A parameter, not encoded: of the body, with GET of the URL's query; may be repeated")
          .type_name("NAME=VALUE");
  Option& body = add("--body", options.body, "The whole body, encoded, such as 'a=b&c=d%20e'")
                     .type_name("TEXT")
                     .excludes(parameter);
  add("--body-file", options.body_file, "A file with the body, byte for byte; - for standard input")
      .type_name("FILE|-")
      .excludes(parameter)
      .excludes(body);
  add("--nonce", options.webhook.nonce, "The nonce; 20 random digits unless given")
      .type_name("TEXT");
}

void add_signature_options(Command& sign, SignOptions& options) {
  sign.option("--token-file", options.token_file,
              "The file with the auth token (mode 0600), as PlivoAccount names it; - for the "
              "first line of standard input")
      .required()
      .type_name("FILE|-")
      .group("Signature");
  sign.flag("--v2", options.choice.v2, "Sign by V2, which covers the URL without query only")
      .group("Signature");
  sign.flag("--main-account", options.choice.main_account,
            "Make the main account's header, X-Plivo-Signature-Ma-V3")
      .group("Signature");
  sign.flag("--curl", options.curl, "Print a command line of curl that sends the request")
      .group("Output");
  sign.flag("--batch", options.batch,
            "Sign many: read one JSON object with method, url, body and nonce from each line "
            "of standard input, write one with signature and nonce")
      .group("Output");
}

}  // namespace

void add_sign_command(Command& app) {
  Command& sign = app.subcommand(
      "sign",
      "Print the headers with which Plivo would sign a request, for tests of any server that "
      "verifies them. Nothing is sent.");
  // The callback below shares the options, so they live as long as the application.
  const auto options = std::make_shared<SignOptions>();
  add_request_options(sign, *options);
  add_signature_options(sign, *options);
  sign.footer(
      "Exit status: 0 signed; 2 wrong usage.\n\n"
      "Example: the headers, and curl that sends them:\n"
      "  plivo-dialctl sign --url https://pbx.example.com/dialstatus --body 'To=14155550100' \\\n"
      "    --token-file main.token > headers\n"
      "  curl -H @headers --data-raw 'To=14155550100' https://pbx.example.com/dialstatus\n\n"
      "Example: the same in one step:\n"
      "  plivo-dialctl sign --url https://pbx.example.com/dialstatus --param To=14155550100 \\\n"
      "    --token-file main.token --curl | sh");
  sign.runs([options] { return run_sign(*options); });
}

}  // namespace plivo_dial::ctl
