# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors

# Fuzz targets: tests/fuzz/<name>/target.cpp with its corpus. Each corpus is
# replayed with any compiler; with Clang, libFuzzer also tries a bounded number
# of new inputs, the same ones each time. To look further:
#   build/tests/objects/fuzz_<name> <empty folder> tests/fuzz/<name>/corpus
function(atoll_fuzz)
  cmake_parse_arguments(FUZZ "" "NAME" "LIBRARIES;SOURCES" ${ARGN})
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${FUZZ_NAME}")
  list(TRANSFORM FUZZ_SOURCES PREPEND "${root}/lib/")
  list(TRANSFORM FUZZ_LIBRARIES REPLACE "(.+)" "${root}/lib/\\1/include" OUTPUT_VARIABLE includes)
  set(programs replay_${FUZZ_NAME})
  add_executable(replay_${FUZZ_NAME} "${folder}/target.cpp" ${FUZZ_SOURCES}
    "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/replay.cpp")
  add_test(NAME "fuzz.${FUZZ_NAME}.corpus" COMMAND replay_${FUZZ_NAME} "${folder}/corpus")
  set_tests_properties("fuzz.${FUZZ_NAME}.corpus" PROPERTIES
    LABELS "quick;lib-${FUZZ_NAME}" TIMEOUT 60)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    list(APPEND programs fuzz_${FUZZ_NAME})
    add_executable(fuzz_${FUZZ_NAME} "${folder}/target.cpp" ${FUZZ_SOURCES})
    target_compile_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
    # Named one by one: in a folder that is given as such it would add files.
    file(GLOB seeds CONFIGURE_DEPENDS "${folder}/corpus/*")
    list(JOIN seeds "," seeds)
    set(list "${CMAKE_CURRENT_BINARY_DIR}/fuzz_${FUZZ_NAME}.seeds")
    file(WRITE "${list}" "${seeds}")
    set(common -seed=1 "-seed_inputs=@${list}" -verbosity=0 -max_len=16384
      "-artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/fuzz_${FUZZ_NAME}-")
    add_test(NAME "fuzz.${FUZZ_NAME}.sample"
      COMMAND fuzz_${FUZZ_NAME} ${common} -runs=20000)
    set_tests_properties("fuzz.${FUZZ_NAME}.sample" PROPERTIES
      LABELS "test;lib-${FUZZ_NAME}" TIMEOUT 300)
    add_test(NAME "fuzz.${FUZZ_NAME}.long"
      COMMAND fuzz_${FUZZ_NAME} ${common} -max_total_time=600)
    set_tests_properties("fuzz.${FUZZ_NAME}.long" PROPERTIES LABELS long TIMEOUT 900)
  endif()
  # `make test LIB=x` builds that library's tests by name.
  add_dependencies(test_${FUZZ_NAME} ${programs})
  foreach(program IN LISTS programs)
    target_include_directories(${program} PRIVATE ${includes}
      "${CMAKE_CURRENT_SOURCE_DIR}/host/include" "${ATOLL_TEST_CONFIG}")
    target_compile_options(${program} PRIVATE ${sanitizers} -g -O1 -Wall -Wextra)
    target_link_options(${program} PRIVATE ${sanitizers})
    target_link_libraries(${program} PRIVATE host_fakes)
  endforeach()
endfunction()

atoll_fuzz(NAME acpi
  LIBRARIES acpi base
  SOURCES acpi/src/tables.cpp acpi/src/fixed.cpp acpi/src/aml.cpp acpi/src/sleep.cpp
    acpi/src/device.cpp acpi/src/madt.cpp)
atoll_fuzz(NAME boot_info
  LIBRARIES base boot_info
  SOURCES boot_info/src/entry.cpp)
atoll_fuzz(NAME boot_pvh
  LIBRARIES base boot_info boot_pvh
  SOURCES boot_pvh/src/start_info.cpp boot_info/src/entry.cpp)
atoll_fuzz(NAME command_line
  LIBRARIES base boot_info command_line console
  SOURCES command_line/src/words.cpp command_line/src/monitor_words.cpp
    command_line/src/program.cpp base/src/format.cpp)
atoll_fuzz(NAME device_tree
  LIBRARIES base boot_info device_tree
  SOURCES device_tree/src/tree.cpp device_tree/src/node.cpp device_tree/src/address.cpp
    device_tree/src/interrupt.cpp device_tree/src/boot_scan.cpp boot_info/src/entry.cpp)
