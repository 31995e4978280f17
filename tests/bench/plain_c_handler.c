/* File: tests/bench/plain_c_handler.c
 *
 * What the product is measured against: the same requests served by the shortest C that does the
 * work, without a plan, limits that anyone could set, or a word about what is wrong.
 *
 *   bench-plain           at /answer the document, made of the request; at /callback the check of
 *                         the signature, and one line of JSON in a file
 *   bench-plain-durable   at both all of it: the check, the line on stable storage, the answer
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <httpd.h>
/* httpd.h comes first. */
#include <apr_strings.h>
#include <fcntl.h>
#include <http_config.h>
#include <http_protocol.h>
#include <libxml/xmlwriter.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kMostPairs = 128, kMostBody = 65536 };

struct pair {
  const char* name;
  const char* value;
};

struct form {
  struct pair pairs[kMostPairs];
  size_t count;
};

static const char* g_log_path = "/dev/null";
static const char* g_token = "";
static const char* g_origin = "";
static int g_log = -1;

/* Lines that wait for the next sync, of all threads. */
static pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t g_has_lines = PTHREAD_COND_INITIALIZER;
static pthread_cond_t g_is_synced = PTHREAD_COND_INITIALIZER;
static char* g_lines;
static size_t g_size;
static size_t g_room;
static unsigned long g_batch;  /* whose lines are collected */
static unsigned long g_synced; /* batches before this one are on the disk */
static int g_failed;

static int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = (char)(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static void decode(char* text) {
  char* to = text;
  for (; *text != '\0'; ++text, ++to) {
    if (*text == '+') {
      *to = ' ';
    } else if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
      *to = (char)(hex(text[1]) * 16 + hex(text[2]));
      text += 2;
    } else {
      *to = *text;
    }
  }
  *to = '\0';
}

static void parse(char* text, struct form* form) {
  form->count = 0;
  while (text != NULL && *text != '\0' && form->count < kMostPairs) {
    char* const name = text;
    text = strchr(text, '&');
    if (text != NULL) *text++ = '\0';
    if (*name == '\0') continue;
    char* value = strchr(name, '=');
    if (value != NULL) *value++ = '\0';
    decode(name);
    if (value != NULL) decode(value);
    form->pairs[form->count++] = (struct pair){name, value == NULL ? "" : value};
  }
}

static int compare(const void* left, const void* right) {
  const struct pair* const a = left;
  const struct pair* const b = right;
  const int names = strcmp(a->name, b->name);
  return names != 0 ? names : strcmp(a->value, b->value);
}

static const char* find(const struct form* form, const char* name) {
  for (size_t i = 0; i < form->count; ++i) {
    if (strcmp(form->pairs[i].name, name) == 0) return form->pairs[i].value;
  }
  return "";
}

/* Sorts the form. */
static int is_signed(request_rec* r, struct form* form) {
  const char* const nonce = apr_table_get(r->headers_in, "X-Plivo-Signature-V3-Nonce");
  const char* const theirs = apr_table_get(r->headers_in, "X-Plivo-Signature-V3");
  if (nonce == NULL || theirs == NULL) return 0;
  qsort(form->pairs, form->count, sizeof form->pairs[0], compare);
  size_t room = strlen(g_origin) + strlen(r->uri) + strlen(nonce) + 3;
  for (size_t i = 0; i < form->count; ++i) {
    room += strlen(form->pairs[i].name) + strlen(form->pairs[i].value) + 2;
  }
  char* const text = apr_palloc(r->pool, room);
  char* end = stpcpy(stpcpy(text, g_origin), r->uri);
  if (form->count > 0) *end++ = '?';
  const int is_get = r->method_number == M_GET;
  for (size_t i = 0; i < form->count; ++i) {
    if (is_get && i > 0) *end++ = '&';
    end = stpcpy(end, form->pairs[i].name);
    if (is_get) *end++ = '=';
    end = stpcpy(end, form->pairs[i].value);
  }
  *end++ = '.';
  end = stpcpy(end, nonce);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned char ours[EVP_MAX_MD_SIZE * 2];
  unsigned size = 0;
  if (HMAC(EVP_sha256(), g_token, (int)strlen(g_token), (const unsigned char*)text,
           (size_t)(end - text), mac, &size) == NULL) {
    return 0;
  }
  const int length = EVP_EncodeBlock(ours, mac, (int)size);
  return strlen(theirs) == (size_t)length && CRYPTO_memcmp(ours, theirs, (size_t)length) == 0;
}

static char* put_text(char* end, const char* text) {
  *end++ = '"';
  for (; *text != '\0'; ++text) {
    const unsigned char byte = (unsigned char)*text;
    if (byte == '"' || byte == '\\') *end++ = '\\';
    if (byte >= 0x20) {
      *end++ = *text;
    } else {
      end += sprintf(end, "\\u%04x", byte);
    }
  }
  *end++ = '"';
  return end;
}

static size_t line_of(request_rec* r, const struct form* form, char** line) {
  size_t room = 64;
  for (size_t i = 0; i < form->count; ++i) {
    room += 6 * (strlen(form->pairs[i].name) + strlen(form->pairs[i].value)) + 6;
  }
  *line = apr_palloc(r->pool, room);
  char* end = *line + sprintf(*line, "{\"received\":%lld", (long long)r->request_time);
  for (size_t i = 0; i < form->count; ++i) {
    *end++ = ',';
    end = put_text(end, form->pairs[i].name);
    *end++ = ':';
    end = put_text(end, form->pairs[i].value);
  }
  end = stpcpy(end, "}\n");
  return (size_t)(end - *line);
}

/* Writes what has gathered while the last sync lasted, and tells those who wait for it. */
static void* commit(void* unused) {
  (void)unused;
  char* spare = NULL;
  size_t spare_room = 0;
  pthread_mutex_lock(&g_mutex);
  for (;;) {
    while (g_size == 0) pthread_cond_wait(&g_has_lines, &g_mutex);
    char* const lines = g_lines;
    const size_t size = g_size;
    const size_t room = g_room;
    const unsigned long batch = g_batch++;
    g_lines = spare;
    g_room = spare_room;
    g_size = 0;
    pthread_mutex_unlock(&g_mutex);
    const int failed = write(g_log, lines, size) != (ssize_t)size || fdatasync(g_log) != 0;
    pthread_mutex_lock(&g_mutex);
    spare = lines;
    spare_room = room;
    g_failed |= failed;
    g_synced = batch + 1;
    pthread_cond_broadcast(&g_is_synced);
  }
  return NULL;
}

static int store_durably(const char* line, size_t size) {
  pthread_mutex_lock(&g_mutex);
  if (g_room < g_size + size) {
    g_room = 2 * (g_size + size);
    g_lines = realloc(g_lines, g_room);
    if (g_lines == NULL) abort();
  }
  memcpy(g_lines + g_size, line, size);
  g_size += size;
  const unsigned long batch = g_batch;
  pthread_cond_signal(&g_has_lines);
  while (g_synced <= batch) pthread_cond_wait(&g_is_synced, &g_mutex);
  const int failed = g_failed;
  pthread_mutex_unlock(&g_mutex);
  return !failed;
}

static int answer(request_rec* r, const struct form* form) {
  const xmlBufferPtr buffer = xmlBufferCreate();
  const xmlTextWriterPtr xml = xmlNewTextWriterMemory(buffer, 0);
  xmlTextWriterStartDocument(xml, "1.0", "UTF-8", NULL);
  xmlTextWriterStartElement(xml, BAD_CAST "Response");
  xmlTextWriterWriteElement(xml, BAD_CAST "Speak", BAD_CAST "Connecting your call..");
  xmlTextWriterStartElement(xml, BAD_CAST "Dial");
  xmlTextWriterWriteAttribute(xml, BAD_CAST "action",
                              BAD_CAST "https://pbx.example.com/answer/action");
  xmlTextWriterWriteAttribute(xml, BAD_CAST "callerId", BAD_CAST find(form, "From"));
  xmlTextWriterWriteAttribute(xml, BAD_CAST "timeout", BAD_CAST "20");
  xmlTextWriterWriteElement(xml, BAD_CAST "Number", BAD_CAST "+14155550100");
  xmlTextWriterEndDocument(xml);
  xmlFreeTextWriter(xml);
  ap_set_content_type(r, "application/xml");
  ap_set_content_length(r, xmlBufferLength(buffer));
  ap_rwrite(xmlBufferContent(buffer), xmlBufferLength(buffer), r);
  xmlBufferFree(buffer);
  return OK;
}

static int read_body(request_rec* r, char** body) {
  *body = apr_palloc(r->pool, kMostBody + 1);
  long size = 0;
  if (ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK) != OK) return HTTP_BAD_REQUEST;
  while (ap_should_client_block(r) && size < kMostBody) {
    const long got = ap_get_client_block(r, *body + size, (apr_size_t)(kMostBody - size));
    if (got < 0) return HTTP_BAD_REQUEST;
    if (got == 0) break;
    size += got;
  }
  (*body)[size] = '\0';
  return OK;
}

static int handle(request_rec* r) {
  if (r->handler == NULL || strncmp(r->handler, "bench-plain", 11) != 0) return DECLINED;
  const int durable = r->handler[11] != '\0';
  const int is_answer = r->method_number == M_GET;
  char* text = is_answer && r->args != NULL ? apr_pstrdup(r->pool, r->args) : NULL;
  if (!is_answer && read_body(r, &text) != OK) return HTTP_BAD_REQUEST;
  struct form form;
  parse(text, &form);
  if (is_answer && !durable) return answer(r, &form);
  if (!is_signed(r, &form)) return HTTP_FORBIDDEN;
  char* line = NULL;
  const size_t size = line_of(r, &form, &line);
  const int stored =
      durable ? store_durably(line, size) : write(g_log, line, size) == (ssize_t)size;
  if (!stored) return HTTP_SERVICE_UNAVAILABLE;
  if (is_answer) return answer(r, &form);
  ap_set_content_length(r, 0);
  return OK;
}

static void start_child(apr_pool_t* pool, server_rec* server) {
  (void)pool;
  (void)server;
  pthread_t thread;
  g_log = open(g_log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (g_log < 0 || pthread_create(&thread, NULL, commit, NULL) != 0) abort();
}

static const char* set_text(cmd_parms* command, void* unused, const char* value) {
  (void)unused;
  *(const char**)command->info = value;
  return NULL;
}

static const command_rec g_directives[] = {
    AP_INIT_TAKE1("BenchLog", set_text, &g_log_path, RSRC_CONF, "file of the lines"),
    AP_INIT_TAKE1("BenchToken", set_text, &g_token, RSRC_CONF, "of the signatures"),
    AP_INIT_TAKE1("BenchOrigin", set_text, &g_origin, RSRC_CONF, "of the signed URLs"),
    {NULL}};

static void register_hooks(apr_pool_t* pool) {
  (void)pool;
  ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
  ap_hook_child_init(start_child, NULL, NULL, APR_HOOK_MIDDLE);
}

__attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA bench_plain_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, g_directives, register_hooks, 0};
