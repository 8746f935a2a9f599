# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors

# The CPUS_TESTS of all libraries with one scheduler, on the machine of several CPUs,
# under ThreadSanitizer: a program that runs once for each number of CPUS.
file(GLOB cpus_machine CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/src/*.cpp")
set(cpus_fakes "${CMAKE_CURRENT_LIST_DIR}/../src")
list(APPEND cpus_machine "${cpus_fakes}/allocator.cpp" "${cpus_fakes}/assertion.cpp"
  "${cpus_fakes}/stacks.cpp")

# Its shadow memory has fixed places, which an address space that is laid out at random may
# take; a container may forbid to lay it out otherwise, and has then to do without.
set(cpus_run "")
find_program(ATOLL_SETARCH setarch)
if(ATOLL_SETARCH)
  execute_process(COMMAND ${ATOLL_SETARCH} -R true RESULT_VARIABLE refused OUTPUT_QUIET ERROR_QUIET)
  if(refused EQUAL 0)
    set(cpus_run ${ATOLL_SETARCH} -R)
  endif()
endif()

function(atoll_cpus_test)
  cmake_parse_arguments(TEST "" "NAME;CONFIG" "SOURCES;INCLUDES;CPUS;PARTS" ${ARGN})
  add_executable(${TEST_NAME} ${TEST_SOURCES} ${cpus_machine})
  target_include_directories(${TEST_NAME} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/host/include"
    "${CMAKE_CURRENT_SOURCE_DIR}/host/cpus/include" "${TEST_CONFIG}" ${TEST_INCLUDES} "${ATOLL_TEST_CONFIG}")
  target_compile_options(${TEST_NAME} PRIVATE -fsanitize=thread -g1 -O1 -Wall -Wextra -Wshadow)
  target_link_options(${TEST_NAME} PRIVATE -fsanitize=thread)
  foreach(part IN LISTS TEST_PARTS)
    add_dependencies(lib_${part} ${TEST_NAME})
  endforeach()
  list(TRANSFORM TEST_PARTS PREPEND "lib-")
  foreach(count IN LISTS TEST_CPUS)
    add_test(NAME "host.${TEST_NAME}.${count}" COMMAND ${cpus_run} $<TARGET_FILE:${TEST_NAME}>
      --cpus=${count})
    set_tests_properties("host.${TEST_NAME}.${count}" PROPERTIES
      LABELS "test;${TEST_PARTS}" TIMEOUT 300 PROCESSORS 2)
  endforeach()
  # That the machine takes nothing for ordered that is not: what must be reported is.
  add_test(NAME "host.${TEST_NAME}.planted" COMMAND ${cpus_run} $<TARGET_FILE:${TEST_NAME}>
    --cpus=2 --planted)
  set_tests_properties("host.${TEST_NAME}.planted" PROPERTIES
    LABELS "test;${TEST_PARTS}" TIMEOUT 60 PASS_REGULAR_EXPRESSION "ThreadSanitizer: data race")
endfunction()
